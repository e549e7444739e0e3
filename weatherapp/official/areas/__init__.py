"""Which areas of the authorities a place is in, by the codes that their warnings name."""
