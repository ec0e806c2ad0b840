"""What is simulated: trials of each kind, with what differs between them."""
