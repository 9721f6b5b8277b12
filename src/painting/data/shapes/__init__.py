"""Synthetic coloured shapes with captions, and a classifier of both."""
