"""Effects to steps, resources and edges; roots, slices and explanations."""
