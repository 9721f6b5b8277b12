"""Description of a painter: what a user needs to write a prompt for it."""

from typing import Any

from painting.paint.painter import Painter

FIGURES_KEY = "figures"  # of a card: most of its bytes, which a list of painters leaves out


def describe(painter: Painter) -> dict[str, Any]:
    """A painter's name, sizes, inputs, example prompts and its card without figures, as JSON values."""
    return {
        "name": painter.name,
        "picture_size": painter.size,
        "takes_prompt": painter.conditional,
        "takes_strength": painter.manifest.strength,
        "has_alpha": painter.has_alpha,
        "example_prompts": list(painter.manifest.example_prompts),
        "card": {key: value for key, value in painter.manifest.card.items() if key != FIGURES_KEY},
    }
