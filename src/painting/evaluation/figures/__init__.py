"""Figures of the report: which metric is taken on which pictures, and by which protocol."""
