"""Pages at size: see __main__."""
