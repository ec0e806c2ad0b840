"""How simulated meta-analyses are analysed: a record a family of methods."""
