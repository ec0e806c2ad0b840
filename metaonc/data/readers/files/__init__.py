"""Files of any kind as a grid of cells."""
