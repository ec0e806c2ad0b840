"""Commands on evidence of several dates."""
