"""Patients and curves."""
