"""The multiverse of pools of counts: models, corrections of empty cells, and measures."""
