"""What stands beside the pool of an analysis: other cuts, other sets of trials, asymmetry, judgements."""
