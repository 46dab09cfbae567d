"""The region's door: MQTT."""
