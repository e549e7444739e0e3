"""Running the site: health and the local run."""
