"""A heartbeat over HTTP."""
