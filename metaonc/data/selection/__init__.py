"""Which rows may stand together in one pool."""
