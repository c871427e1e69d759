"""What to score and how: schemes, their steps, and the figures, all checked."""
