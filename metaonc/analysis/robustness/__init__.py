"""Whether the conclusion of a pool would survive: all that was asked of it, on one page."""
