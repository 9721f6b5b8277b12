"""Bundled painter files and their lookup by name."""
