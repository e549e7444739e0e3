"""Warnings of the authorities come in: from their own feeds, kept apart from our alerts."""
