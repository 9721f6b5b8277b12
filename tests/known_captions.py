"""Known captions of a small world of flowers, made once with the bundled text encoder."""

from functools import cache

from painting.data.text.vocabulary import known_captions
from painting.files.known_captions import KnownCaptions
from painting.text.encoder import TextEncoder

FLOWER_CAPTIONS = [
    f"{article} {color} {flower}{place}"
    for article, color in (("a", "red"), ("a", "yellow"), ("a", "white"), ("an", "orange"))
    for flower in ("rose", "tulip", "daisy", "lily")
    for place in ("", " on a dark background", " among green leaves", " against a blue sky")
]


@cache
def flower_captions(encoder: TextEncoder) -> KnownCaptions:
    """What a painter of `FLOWER_CAPTIONS` knows."""
    return known_captions(FLOWER_CAPTIONS, encoder.encode(FLOWER_CAPTIONS), encoder)
