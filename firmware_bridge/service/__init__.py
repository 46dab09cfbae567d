"""The daemon: what it knows, how it changes, who is told."""
