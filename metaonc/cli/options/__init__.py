"""What options of several commands share: how they are read, given once, written and spoken of."""
