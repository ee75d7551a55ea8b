"""Starts both images the same way, asks them the same, and compares what they answer."""
