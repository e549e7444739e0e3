"""The whole site on one machine, for trying it out and for working on it."""
