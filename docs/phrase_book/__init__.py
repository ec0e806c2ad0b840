"""Calls of R and of metaonc side by side, on the same data, with the numbers that each gives."""
