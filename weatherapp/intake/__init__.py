"""Weather comes in."""
