"""What a training reads: picture sources, batches balanced by class, cached arrays of a network's outputs."""
