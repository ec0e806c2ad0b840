"""Forest plots: rows as data first, then a layout of them, then the drawing."""
