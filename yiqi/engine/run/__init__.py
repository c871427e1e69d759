"""The run: fill, treat, normalise, aggregate, rank; every step recorded in a result."""
