"""Kivy: draws the views and turns touches into intents."""
