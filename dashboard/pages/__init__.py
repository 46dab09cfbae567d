"""What staff see in the browser. Reads the database, never MQTT."""
