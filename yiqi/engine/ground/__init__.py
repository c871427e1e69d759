"""The ground of the engine: arrays, errors, checks, seeds, rounding, ranks. It knows nothing of scoring."""
