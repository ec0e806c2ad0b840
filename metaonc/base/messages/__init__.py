"""What messages are made of: options in the words of an interface, words of R, rows left out, warnings."""
