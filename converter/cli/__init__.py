"""The command line: one module a verb, each with `add` for its arguments and `run` for its work."""
