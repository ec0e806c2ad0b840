"""What changed between two tables of evidence, row by row."""
