"""A page in the browser on which a figure is read by hand, and its patients are seen at once."""
