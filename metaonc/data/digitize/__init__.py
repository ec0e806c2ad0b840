"""From a figure's file to the coordinates of its curves."""
