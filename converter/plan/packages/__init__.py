"""What the final stage installs: packages by name, libraries that the builder lists, edits of the lists."""
