"""Proof by building: builds the original and the conversion, and compares all that a container can notice."""
