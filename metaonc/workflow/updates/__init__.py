"""Evidence of two dates, and of many: what changed, and what it did to a pool."""
