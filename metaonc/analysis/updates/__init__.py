"""What an update of the evidence does to a pool, and whose change did it."""
