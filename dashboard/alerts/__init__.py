"""Troubles by e-mail: who is told of what, when, and that it solved itself."""
