"""The other figures, one a module, each with a function for its data where that needs one."""
