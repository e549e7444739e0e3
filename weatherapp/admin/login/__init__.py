"""The admin's door: who may try a password, how often, and what is written down about it."""
