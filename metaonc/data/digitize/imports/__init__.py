"""Files of other programs that digitise: WebPlotDigitizer, Engauge, and tables as these and DigitizeIt export them."""
