"""Drives the real thing with real touches and leaves numbered pictures of every screen and page."""
