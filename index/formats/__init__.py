"""The kinds of files: bytes -> text, headings, title, address."""
