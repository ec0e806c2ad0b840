"""What readers see of sensitivity analyses: a module a kind."""
