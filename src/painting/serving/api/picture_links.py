"""Links to pictures: each holds what it was painted from, signed, so that any process of the server can answer it."""

from apiflask import APIBlueprint
from flask import Response, request
from itsdangerous import BadData

from painting.paint_request import PaintOptions, Variation
from painting.serving.api import fields
from painting.serving.auth import Client
from painting.serving.engine.encoding import KINDS, PictureFormat
from painting.serving.engine.image_request import Order
from painting.serving.errors import PictureNotFound
from painting.serving.logs import record_prompts
from painting.serving.state import anonymous_client, state

blueprint = APIBlueprint("pictures", __name__, tag="Pictures", url_prefix="/v1")
PATH = "/v1/pictures/"
HOUR = 3600


def link(order: Order, index: int) -> str:
    """The address of an order's picture, for whoever asked for it."""
    shared, painted, how = state(), order.request, order.format
    options = painted.options
    near = [options.subseed_strength, painted.subseeds[index]] if painted.subseeds else None
    what = [painted.painter, painted.prompt, painted.seeds[index], options.truncation, options.strength, near]
    token = shared.signer.dumps([*what, how.kind, how.quality, how.size])
    return f"{shared.settings.public_url.rstrip('/') or shared.authenticator.origin(request)}{PATH}{token}.{how.kind}"


@blueprint.get("/pictures/<name>")
@blueprint.doc(
    responses=fields.file_answers(
        "The picture",
        *(f"image/{kind}" for kind in KINDS),
        others={status: fields.PAINTS[status] for status in (404, 429, 500, 503)},
    )
)
def picture(name: str) -> Response:
    """Answer a picture that somebody was given a link to; painted again if it is not kept any more."""
    order = _order(name.rpartition(".")[0])
    who: Client = anonymous_client()
    response = Response(state().service.paint(order, who)[0], content_type=order.format.media_type)
    response.headers["Cache-Control"] = f"private, max-age={HOUR}"
    return response


def _order(token: str) -> Order:
    shared = state()
    try:
        name, prompt, seed, truncation, strength, near, kind, quality, size = shared.signer.loads(token)
    except (BadData, ValueError, RecursionError) as problem:
        raise PictureNotFound(
            "there is no such picture, or its link was made before the server began anew"
        ) from problem
    options = PaintOptions(truncation, strength, Variation(*near) if near else None)
    painted = shared.service.painter(name).request(prompt, 1, seed, options)
    record_prompts(prompt=painted.prompt)
    return shared.service.order(painted, PictureFormat(kind, quality, tuple(size) if size else None))
