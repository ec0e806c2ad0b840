"""Tests of asymmetry: do effects depend on how precise trials are?"""
