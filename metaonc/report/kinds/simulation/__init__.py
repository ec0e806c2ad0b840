"""Studies by simulation and plans, in the words of a manuscript."""
