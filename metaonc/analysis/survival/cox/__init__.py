"""The hazard ratio of two arms of patients."""
