"""A variational autoencoder of handwritten digits, as a plug-in model of painting."""
