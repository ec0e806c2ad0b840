"""Effects and their variances from counts, times, means and reported figures: arrays in, arrays out."""
