"""What is asked of the significance of trials, and of a pool."""
