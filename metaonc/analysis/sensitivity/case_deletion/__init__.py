"""Case deletion diagnostics: what each trial, left out, does to a fit."""
