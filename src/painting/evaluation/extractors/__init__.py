"""Feature extractors: the networks by which pictures are compared and classified."""
