"""Copas and Shi's model: small trials are published the likelier, the larger their effects are."""
