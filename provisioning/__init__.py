"""From a bare machine to a kiosk."""
