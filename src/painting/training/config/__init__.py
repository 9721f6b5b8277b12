"""Presets: their dataclasses, loading, type checks and overrides."""
