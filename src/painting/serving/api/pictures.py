"""`GET /v1/pictures`: an address that is a picture, for `<img src>`, and for links in other APIs' answers."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from painting.serving.api import fields
from painting.serving.api.responses import (
    PAINT_ERRORS,
    PICTURE_HEADERS,
    accepted_kind,
    file_responses,
    header_descriptions,
    picture_response,
)
from painting.serving.engine.encoding import DEFAULT_QUALITY, IMAGE_KINDS, PictureFormat, parse_size
from painting.serving.engine.image_request import ImageFile, ImageRequest
from painting.serving.state import current_client, state

blueprint = APIBlueprint("pictures", __name__, tag="Pictures", url_prefix="/v1")
PICTURES_PATH = "/v1/pictures"
CACHE_SECONDS = 3600  # that a picture may be kept: a later painter of the same name paints another


class PictureQuery(fields.PaintOptionsIn, fields.PromptIn, fields.OwnQuerySchema):
    """A prompt and options."""

    seed = fields.seed("Taken mod 2^32; random if omitted or -1: then the picture is not cached.")
    size = fields.picture_size()
    fit = fields.fit()
    background = fields.background()
    format = fields.picture_kind("format", "Kind of file; by the header Accept if omitted.")
    quality = fields.quality("quality")
    model = fields.model()
    signature = fields.text("Stands for a key in the addresses that other routes answer.")


@blueprint.get("/pictures")
@blueprint.input(PictureQuery, location="query", arg_name="query")
@blueprint.doc(
    responses=file_responses(
        "The picture",
        *(f"image/{kind}" for kind in IMAGE_KINDS),
        errors={status: PAINT_ERRORS[status] for status in PAINT_ERRORS if status not in (413, 415)},
        headers=header_descriptions(PICTURE_HEADERS),
    )
)
def picture(query: dict[str, Any]) -> Response:
    """Paint one picture of a prompt: the same one each time, if a seed is given."""
    options = fields.options(query)
    kind = query["format"] or accepted_kind(request, query["background"])
    format = PictureFormat(kind, query["quality"], parse_size(query["size"]), query["fit"], query["background"])
    image_request = ImageRequest(query["prompt"], query["model"], 1, query["seed"], options, format)
    (image,) = state().service.answer(image_request, current_client())
    response = picture_response(image)
    if query["format"] is None:
        response.vary.add("Accept")
    random_subseed = options.variation is not None and options.variation.subseed is None
    if query["seed"] is not None and not random_subseed:
        scope = "private" if state().authenticator.requires_keys else "public"
        response.headers["Cache-Control"] = f"{scope}, max-age={CACHE_SECONDS}"
        response.add_etag()
        response.make_conditional(request)
    return response


def picture_url(image: ImageFile) -> str:
    """The address of a picture, as the current request's client reaches this server; it needs no key."""
    return f"{server_url()}{PICTURES_PATH}?{state().authenticator.signed_query(PICTURES_PATH, _parameters(image))}"


def server_url() -> str:
    """This server's address, without a slash at its end: the setting, or as the current request's client reaches it."""
    return state().settings.public_url.rstrip("/") or state().authenticator.origin(request)


def _parameters(image: ImageFile) -> dict[str, str]:
    """The query that paints a picture again."""
    origin = image.origin
    parameters = {"model": origin.pop("painter"), **origin, "format": image.format.kind}
    if image.format.quality != DEFAULT_QUALITY:
        parameters["quality"] = str(image.format.quality)
    return parameters
