"""How fast the converter is, beside what it stands on; `python -m benchmarks` prints it."""
