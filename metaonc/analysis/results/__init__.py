"""What results are made of: pooled results with their trials, back-transforms, and the pieces of R scripts."""
