"""Layer 1: what trials reported."""
