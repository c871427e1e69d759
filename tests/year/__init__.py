"""A walker that lives a county's year at random: see ``python -m tests.year --help``."""
