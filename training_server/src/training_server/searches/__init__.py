"""Searches: many trainings that differ in what is to be found out, and what they came to."""
