"""The Kaplan-Meier estimate."""
