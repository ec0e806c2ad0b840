"""Likelihoods of the patients of trials, and what is made of them. Arrays in, arrays out."""
