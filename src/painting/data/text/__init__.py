"""Text vectors of captions, cached on disk, and synonyms of their words."""
