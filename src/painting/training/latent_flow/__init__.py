"""The latent flow model: its networks, stages and losses."""
