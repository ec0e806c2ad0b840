"""Ranks, trimmed trials and lines through funnels: arrays in, arrays out."""
