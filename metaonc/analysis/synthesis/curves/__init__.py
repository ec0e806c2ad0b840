"""Survival curves of trials pooled into one, with what a new trial may show."""
