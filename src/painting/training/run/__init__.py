"""The run folder: checkpoints, snapshots, statistics and plots."""
