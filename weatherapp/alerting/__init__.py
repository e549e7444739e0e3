"""Decides when alerts rise, change and end."""
