"""PRISMA 2020 flow diagrams: what their boxes are, counts as given, whether they add up, and the drawing."""
