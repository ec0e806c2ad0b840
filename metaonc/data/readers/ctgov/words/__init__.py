"""What the words of a record say: outcomes, units, classes, subgroups, responses, times, numbers."""
