"""What words say, by language: figures, names, kinds of things. Knows nothing of documents."""
