"""The packaged evidence: collections of trials, and digitised curves."""
