"""The collection: cards, generators, slicing, packs."""
