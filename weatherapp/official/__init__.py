"""Official warnings: what authorities say, read and kept apart from the site's own alerts."""
