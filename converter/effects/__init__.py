"""Instruction or command to effects; tables say most of it, handlers what tables cannot."""
