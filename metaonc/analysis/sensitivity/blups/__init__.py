"""Best linear unbiased predictions: the true effects of trials, each shrunken towards what the model expects."""
