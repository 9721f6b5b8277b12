"""Painting for many requests at once: admission, batching, caches and encoding."""
