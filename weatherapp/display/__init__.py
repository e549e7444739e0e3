"""How numbers, names and times are shown to a reader: in the active language and the reader's units."""
