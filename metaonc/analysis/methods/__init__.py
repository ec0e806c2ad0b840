"""Families of methods as tables of records: estimators of tau², intervals, prediction intervals."""
