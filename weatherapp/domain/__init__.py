"""What weather and alerts are: pure values, no Django, no sentences."""
