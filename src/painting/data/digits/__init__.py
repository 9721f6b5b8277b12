"""Handwritten digits in MNIST's IDX files."""
