"""How well a painter paints: measured on pictures that it has not seen, each figure with its protocol."""
