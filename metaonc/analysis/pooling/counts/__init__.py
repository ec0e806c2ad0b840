"""Counts pooled by their likelihood: binomial-normal models and the beta-binomial."""
