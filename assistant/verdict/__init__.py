"""Whether what a written sentence cites bears it out: `verdicts` asks, the other rooms know what speaks for and against
that."""
