"""Hazard ratios that change with time, pooled over trials."""
