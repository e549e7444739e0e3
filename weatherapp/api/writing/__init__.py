"""What a key may change: all of a request, or nothing."""
