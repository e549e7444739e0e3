"""Facts in, decisions out: pure. No tables, no settings, no clock."""
