"""Train, measure and paint with your own text-to-image painter."""
