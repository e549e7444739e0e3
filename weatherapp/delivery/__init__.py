"""Alerts go out to people."""
