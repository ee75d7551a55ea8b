"""Plan and the author's text to the new Dockerfile, and the self-check that every result passes."""
