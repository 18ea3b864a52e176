"""`python -m assistant`: the commands, where their own script is not on the path."""

from assistant.cli import main

main()
