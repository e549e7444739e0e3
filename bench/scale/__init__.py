"""`make bench-scale PLACES=10000`: the whole site with so many places, measured through one hour."""
