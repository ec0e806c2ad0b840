"""Sheets of trials: what columns and cells mean."""
