"""Predictions for those who have no page: what a drawing, or a picture of one, shows."""
