"""Results on the command line."""
