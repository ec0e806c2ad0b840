"""Survival of several trials together: from their patients to one pooled statement."""
