"""One blueprint for each API, and the fields that they share."""
