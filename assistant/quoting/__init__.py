"""The writer that needs no language model: it finds the sentences that answer, and quotes them."""
