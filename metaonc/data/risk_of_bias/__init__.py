"""Risk of bias of trials: the tools and their words, and the judgements of an assessment."""
