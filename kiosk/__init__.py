"""The touchscreen: from the collection to a print, for a visitor without an account."""
