"""Differences of restricted mean survival times, pooled over trials at several horizons."""
