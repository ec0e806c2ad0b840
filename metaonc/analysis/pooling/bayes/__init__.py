"""Bayesian random effects by quadrature."""
