"""Adversarial models: the digits GAN and TAC-GAN."""
