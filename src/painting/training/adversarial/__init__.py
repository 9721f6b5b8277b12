"""Adversarial training: the objectives of generators and discriminators, and the stage skeleton of their updates."""
