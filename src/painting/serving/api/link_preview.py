"""Link previews: Open Graph tags, by which messengers and forums show the picture that a link of the page leads to."""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

from marshmallow import ValidationError

from painting.cleaning import clean_text
from painting.serving.api.pictures import PICTURES_PATH, PictureQuery, server_url
from painting.serving.errors import NotFound
from painting.serving.state import state

NUMBER_NAMES = ("seed", "subseed", "subseed_strength", "truncation", "strength")
"""Of a recipe, in links of the page and in the API alike."""
PREVIEW_SIDE = 1024  # px; Facebook shows pictures below 600 px small
TITLE_WITHOUT_PROMPT = "A painting"


def is_picture_link(link: Mapping[str, str]) -> bool:
    """Whether a query is of a link that the page makes for a picture: no other route at `/` has these names."""
    return "seed" in link and ("prompt" in link or "painter" in link)


def preview_tags(link: Mapping[str, str]) -> str:
    """The tags of a picture's link, for the page's head; none where it leads to no picture, or keys are set.

    With keys, the picture's address would have to be signed, and any picture could be had without a key.
    """
    parameters = None if state().authenticator.requires_keys else _picture_parameters(link)
    if parameters is None:
        return ""
    title = parameters.get("prompt", TITLE_WITHOUT_PROMPT)
    query = urlencode({**parameters, "size": f"{PREVIEW_SIDE}x{PREVIEW_SIDE}", "format": "jpeg"})
    tags = {
        "og:type": "website",
        "og:title": title,
        "og:description": f"Painted by {parameters['model']}, a small neural network, with seed {parameters['seed']}.",
        "og:image": f"{server_url()}{PICTURES_PATH}?{query}",
        "og:image:width": PREVIEW_SIDE,
        "og:image:height": PREVIEW_SIDE,
        "og:image:alt": title,
        "twitter:card": "summary_large_image",
    }
    return "".join(f'<meta property="{name}" content="{escape(str(value))}" />\n' for name, value in tags.items())


def _picture_parameters(link: Mapping[str, str]) -> dict[str, str] | None:
    """The query of `GET /v1/pictures` for the picture of a link; None where it leads to none."""
    if not is_picture_link(link):
        return None
    try:
        painter = state().service.catalog.painter(link.get("painter"))
        stated = {name: link[name] for name in NUMBER_NAMES if name in link}
        seed = PictureQuery().load(stated)["seed"]
    except (NotFound, ValidationError):
        return None
    if not painter.manifest.strength:
        stated.pop("strength", None)
    prompt = clean_text(link.get("prompt", "")).text if painter.conditional else ""
    if seed is None or (painter.conditional and not prompt):
        return None
    return {**({"prompt": prompt} if prompt else {}), "model": painter.name, **stated, "seed": str(seed)}
