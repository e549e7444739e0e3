"""What came against what was said."""
