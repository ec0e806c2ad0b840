"""Certainty of evidence, in the words of a manuscript."""
