"""Effects pooled by inverse variance."""
