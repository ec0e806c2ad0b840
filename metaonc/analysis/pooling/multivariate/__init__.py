"""Several outcomes of the same trials pooled at once."""
