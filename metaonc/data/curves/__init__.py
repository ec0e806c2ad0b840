"""From a published figure to coordinates to patients."""
