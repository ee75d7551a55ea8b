"""The base images of both stages, and what the new one lacks."""
