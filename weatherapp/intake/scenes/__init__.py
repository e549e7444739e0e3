"""Past weather that the demo replays."""
