"""Curves of a vector figure: PDF and SVG."""
