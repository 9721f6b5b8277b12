"""Links to pictures: a signed link holds the whole request, so that any worker process can answer it."""

from apiflask import APIBlueprint
from flask import Response, request
from itsdangerous import BadData

from painting.paint.paint_request import PaintOptions, Variation
from painting.serving.api.responses import PAINT_ERRORS, file_responses
from painting.serving.engine.encoding import IMAGE_KINDS, PictureFormat
from painting.serving.engine.image_request import ImageFile, ImageRequest
from painting.serving.errors import PictureNotFound
from painting.serving.state import anonymous_client, state

blueprint = APIBlueprint("pictures", __name__, tag="Pictures", url_prefix="/v1")
LINK_PATH = "/v1/pictures/"
CACHE_SECONDS = 3600  # that a client may keep a linked picture


def link(image: ImageFile) -> str:
    """The address of a picture, as the current request's client reaches this server."""
    shared = state()
    painted = image.request
    options = painted.options
    variation = [options.subseed_strength, image.subseed] if options.variation else None
    content = [painted.painter, painted.prompt, image.seed, options.truncation, options.strength, variation]
    token = shared.signer.dumps([*content, image.format.kind, image.format.quality, image.format.size])
    origin = shared.settings.public_url.rstrip("/") or shared.authenticator.origin(request)
    return f"{origin}{LINK_PATH}{token}.{image.format.kind}"


@blueprint.get("/pictures/<name>")
@blueprint.doc(
    responses=file_responses(
        "The picture",
        *(f"image/{kind}" for kind in IMAGE_KINDS),
        errors={status: PAINT_ERRORS[status] for status in (404, 429, 500, 503)},
    )
)
def linked_picture(name: str) -> Response:
    """Return the picture of a link, painted again unless it is cached."""
    image_request = _read(name.rpartition(".")[0])
    (image,) = state().service.answer(image_request, anonymous_client())
    response = Response(image.content, content_type=image.format.media_type)
    response.headers["Cache-Control"] = f"private, max-age={CACHE_SECONDS}"
    return response


def _read(token: str) -> ImageRequest:
    """The request in a link; raises PictureNotFound where this server has not signed it."""
    try:
        name, prompt, seed, truncation, strength, variation, kind, quality, size = state().signer.loads(token)
    except (BadData, ValueError, RecursionError) as problem:
        raise PictureNotFound("there is no such picture, or its link is from before the server's restart") from problem
    options = PaintOptions(truncation, strength, Variation(*variation) if variation else None)
    return ImageRequest(prompt, name, 1, seed, options, PictureFormat(kind, quality, tuple(size) if size else None))
