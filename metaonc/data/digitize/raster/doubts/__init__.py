"""What may be wrong with a line that was followed, as the pixels show."""
