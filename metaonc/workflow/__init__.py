"""From a question to its files."""
