"""Effects nested in trials and further levels."""
