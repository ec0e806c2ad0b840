"""Analyses of a record: contrasts of two groups, their direction, and the rows that they stand in."""
