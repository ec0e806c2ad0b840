"""What would overturn a conclusion: an unpublished trial, an unmeasured confounder."""
