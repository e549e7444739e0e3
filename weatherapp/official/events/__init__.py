"""From messages to events: which are in force at a time, and why the others ended. Pure."""
