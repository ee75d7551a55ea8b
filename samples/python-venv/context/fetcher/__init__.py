"""Tells what its libcurl can do."""
