"""MQTT to database: the only process of the region that speaks MQTT."""
