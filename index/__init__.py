"""Documents -> a sealed generation of the index. Knows nothing of questions and never imports `assistant`."""
