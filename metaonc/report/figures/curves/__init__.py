"""What figures of curves share: looks of lines and bands, and numbers below the axis."""
