"""Export of a trained run as a painter file, and of a text encoder."""
