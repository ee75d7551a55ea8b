"""Text to typed instructions with exact spans, and the state before each of them."""
