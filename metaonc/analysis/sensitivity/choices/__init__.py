"""The multiverse of a pool: every combination of defensible choices, and which choice moves the conclusion."""
