"""Decoding of picture files to upright sRGB."""
