"""One trial's report becomes an effect and its sampling variance."""
