"""Networks only: no data, no optimisers, no files."""
