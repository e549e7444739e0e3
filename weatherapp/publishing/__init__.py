"""Alerts go out for machines: what is published, as CAP 1.2, and in feeds."""
