"""What every layer stands on: checks, the boundary of frames, the result protocol."""
