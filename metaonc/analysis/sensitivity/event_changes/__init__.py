"""Fragility: how many patients' event status must change until a result is, or is no more, significant."""
