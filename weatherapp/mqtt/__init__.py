"""Places go out to an MQTT broker, as devices of Home Assistant."""
