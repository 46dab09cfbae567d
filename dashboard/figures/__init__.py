"""Figures: what was printed in a period, and where. Counts alone; nobody is in them."""
