"""Running the site: its health, the demo, the local run."""
