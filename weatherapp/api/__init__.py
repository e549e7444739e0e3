"""The JSON API: what programs read and, with a key, write. See docs/api.md."""
