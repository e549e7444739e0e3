"""Asks the predictor and stores its answers."""
