"""What readers see of updates: of tables of evidence, of pools, and of pools over the dates of data."""
