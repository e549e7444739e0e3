"""How the site and its work go, in Prometheus's text format."""
