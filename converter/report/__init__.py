"""Results for people and programs: one renderer a file, each a pure function of results."""
