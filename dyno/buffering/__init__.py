"""The web process waits for its clients in its main loop, never in a thread (decision 11)."""
