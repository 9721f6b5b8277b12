"""Metrics in closed form on features, pictures and label counts."""
