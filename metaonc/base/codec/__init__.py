"""Results as plain JSON content, and back."""
