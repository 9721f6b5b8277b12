"""Guards of a run: collapse stops it, and a warm start's end is compared with what it began from."""
