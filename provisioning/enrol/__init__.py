"""A kiosk becomes one of its region's: its key, its certificate, and their renewal."""
