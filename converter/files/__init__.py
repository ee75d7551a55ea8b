"""Dockerfiles on disk and standard input: read within bounds, written whole or not at all."""
