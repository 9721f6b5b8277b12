"""The text encoder, its files, and how encoders are found by name."""
