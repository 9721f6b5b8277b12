"""Readers and writers of files whose bytes are untrusted."""
