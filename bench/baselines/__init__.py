"""What people write instead of a predictor of its own: the same model, served the usual ways."""
