"""The names by which both services know the queue of training jobs."""

TRAINING_QUEUE = "training"

DELTA_LOCK = "delta"
"""Jobs under one lock are worked on one after another: one delta run at a time, however many workers there are."""
