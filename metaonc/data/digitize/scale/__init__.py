"""From positions on paper to time and survival: ticks, labels, calibration."""
