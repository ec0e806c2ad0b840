"""Boundaries for pools that are updated again and again."""
