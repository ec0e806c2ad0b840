"""Flexible models of each trial, whose treatment effects are pooled in a second stage."""
