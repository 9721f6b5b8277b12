"""Training: presets, steps of each model, and one loop with its checkpoints for all of them."""
