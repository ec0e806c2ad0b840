"""Texts for a manuscript: how numbers stand in sentences, and what all results say alike."""
