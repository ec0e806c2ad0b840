"""Tests of asymmetry: whether effects depend on how precise trials are."""
