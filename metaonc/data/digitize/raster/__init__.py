"""Curves of an image."""
