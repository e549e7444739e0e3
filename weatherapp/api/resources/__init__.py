"""What the API gives, one file a noun: how it is written, and the operations on it."""
