"""Small-study effects, in the words of a manuscript (PRISMA 2020, items 14 and 21)."""
