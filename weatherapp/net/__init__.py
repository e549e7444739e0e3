"""Everything that goes out by HTTP: bounded, and kept out of the inside. The network is hostile."""
