"""Counts that agree with a curve: the algorithms of reconstruction."""
