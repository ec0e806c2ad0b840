"""Does an effect differ between subgroups: differences within trials, and what all trials say of each subgroup."""
