"""Numerics of every model: arrays in, arrays out; no frames, names or options."""
