"""Reviews as RevMan and the Cochrane Library write them."""
