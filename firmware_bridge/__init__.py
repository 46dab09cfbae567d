"""The printer's host."""
