"""Painting with a trained painter: validated requests, latents and morphs in, pictures out."""
