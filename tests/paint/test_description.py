"""A painter's description has what a user needs, and none of its figures."""

from tests.conftest import MakePainter

from painting.paint.description import describe
from painting.paint.painter import Painter


def test_a_description_has_the_card_without_its_figures(make_painter: MakePainter) -> None:
    card = {"licence": "CC0", "figures": [{"name": "FID", "value": 9.0}]}
    painter = Painter.load(make_painter("roses", card=card, strength=True))
    assert describe(painter) == {
        "name": "roses",
        "picture_size": 16,
        "takes_prompt": True,
        "takes_strength": True,
        "has_alpha": False,
        "example_prompts": ["a red rose", "a yellow tulip"],
        "card": {"licence": "CC0"},
    }
