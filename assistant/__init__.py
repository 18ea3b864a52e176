"""A question -> an answer in which every sentence carries a citation. Reads what `index` publishes."""
