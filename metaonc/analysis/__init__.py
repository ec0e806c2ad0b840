"""Layer 2: synthesis of what trials reported."""
