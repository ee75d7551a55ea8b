"""What the final stage copies from the builder, when, and what makes it arrive as it was."""
