"""Which stage each step goes to."""
