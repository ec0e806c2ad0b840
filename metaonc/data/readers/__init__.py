"""Readers of what people have: tables of trials, Cochrane reviews, tables made for R, curves, patients."""
