"""Documents of evidence as files that reference managers read, one module a format."""
