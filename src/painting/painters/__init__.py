"""The bundled painter files and how painters are found by name."""
