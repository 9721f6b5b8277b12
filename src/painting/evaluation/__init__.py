"""Evaluation of painters on held-out pictures: metrics, figures with their protocols, and reports."""
