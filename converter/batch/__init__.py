"""Many files: found, converted by several processes in a fixed order, counted."""
