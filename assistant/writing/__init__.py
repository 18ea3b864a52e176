"""The writer with a language model: its prompt, its stream, and what of it is shown, sentence by sentence."""
