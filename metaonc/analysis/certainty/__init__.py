"""How certain a body of evidence is, and what it means in people: absolute effects, GRADE domain by domain."""
