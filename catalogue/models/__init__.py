"""The models of the collection: one folder each, with `card.toml` and `generator.py`."""
