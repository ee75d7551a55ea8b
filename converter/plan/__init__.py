"""Graph to verdicts, packages, copies and bases: what each stage holds, and why."""
