"""Coloured shapes drawn by code, their captions, and a reader of both."""
