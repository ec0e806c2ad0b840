"""Pools of all subsets of the trials, or of many drawn at random."""
