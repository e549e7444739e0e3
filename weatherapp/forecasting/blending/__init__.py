"""The model's answer and the source's to one calibrated probability."""
