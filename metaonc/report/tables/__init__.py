"""Tables of a manuscript, and their files."""
