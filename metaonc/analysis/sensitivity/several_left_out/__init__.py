"""Pools without k trials at a time, and which of them move the conclusion."""
