"""The levels of a comparison, one module each: two images in, differences out."""
