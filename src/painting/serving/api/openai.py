"""OpenAI's images API: `POST /v1/images/generations` and `GET /v1/models`."""

import time
from base64 import b64encode
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Float, Integer, List, Nested, String

from painting.errors import InvalidRequest
from painting.paint.painter import Painter
from painting.serving.api import fields
from painting.serving.api.field_types import Flag
from painting.serving.api.pictures import picture_url
from painting.serving.api.readings import ReadingOut, reading_of
from painting.serving.api.responses import PAINT_ERRORS, READ_ERRORS, READ_ONE_ERRORS
from painting.serving.engine.encoding import IMAGE_KINDS, PictureFormat, format_size, parse_size
from painting.serving.engine.image_request import ImageFile, ImageRequest
from painting.serving.state import current_client, state

blueprint = APIBlueprint("openai", __name__, tag="OpenAI", url_prefix="/v1")
RESPONSE_FORMATS = ("b64_json", "url")
LINKED_MODEL_PREFIX = "dall-e"  # of OpenAI's models that answer links by default; programs for them read data[0].url
MODEL_OWNER = "painting"
MODEL_CREATED = 1_735_689_600  # 2025-01-01: painter files hold no time, so that the same painter is the same file


class ImagesIn(fields.PaintOptionsIn, fields.PromptIn, fields.TolerantSchema):
    """A prompt and options. OpenAI's other fields (quality, style, user …) are accepted and ignored."""

    model = fields.model()
    n = fields.count("number n of pictures", 1)
    size = fields.picture_size()
    fit = fields.fit()
    background = fields.background()
    response_format = fields.choice(
        "response_format",
        RESPONSE_FORMATS,
        None,
        "Pictures in base64 (b64_json, the default) or as links (url, the default for the models dall-e-2 and -3).",
    )
    output_format = fields.picture_kind("output_format", "Kind of file; png if omitted.")
    output_compression = fields.quality("output_compression")
    stream = Flag(
        load_default=False, allow_none=True, metadata={"description": "Only false: pictures are not streamed."}
    )


class ImageOut(Schema):
    """One picture."""

    b64_json = String(metadata={"description": "The file in base64."})
    url = String(metadata={"description": "A link to the file."})
    seed = Integer(required=True, metadata={"description": "The seed that reproduces it."})
    subseed = Integer(required=True, allow_none=True, metadata={"description": "The subseed of a variation."})
    revised_prompt = String(allow_none=True, metadata={"description": "The cleaned prompt."})


class ImagesOut(ReadingOut):
    """Pictures, and the values that reproduce them."""

    created = Integer(required=True, metadata={"description": "Seconds since 1970."})
    data = List(Nested(ImageOut), required=True)
    model = String(required=True)
    output_format = String(required=True)
    size = String(required=True)
    painted_size = String(required=True, metadata={"description": "The size before it was scaled."})
    fit = String(
        required=True,
        allow_none=True,
        metadata={"description": "cover or contain, if the pictures were cropped or padded."},
    )
    background = String(required=True, metadata={"description": "transparent, if the pictures have alpha, or opaque."})
    seed = Integer(required=True)
    subseed_strength = Float(required=True)
    prompt = String(required=True, allow_none=True)


class ModelOut(Schema):
    """A painter, as OpenAI describes models."""

    id = String(required=True)
    object = String(required=True)
    created = Integer(required=True)
    owned_by = String(required=True)


class OneModelOut(ModelOut):
    """One painter by its name."""


class ModelsOut(Schema):
    """All painters, as OpenAI lists models."""

    object = String(required=True)
    data = List(Nested(ModelOut), required=True)


@blueprint.post("/images/generations")
@blueprint.input(ImagesIn, arg_name="body")
@blueprint.output(ImagesOut)
@blueprint.doc(responses=PAINT_ERRORS)
def generate_images(body: dict[str, Any]) -> dict[str, Any]:
    """Paint pictures of a prompt."""
    if body["stream"]:
        raise InvalidRequest("this server does not stream: omit `stream`", "stream")
    kind = body["output_format"] or IMAGE_KINDS[0]
    format = PictureFormat(kind, body["output_compression"], parse_size(body["size"]), body["fit"], body["background"])
    options = fields.options(body)
    image_request = ImageRequest(body["prompt"], body["model"], body["n"], body["seed"], options, format)
    images = state().service.answer(image_request, current_client())
    by_default = "url" if (body["model"] or "").startswith(LINKED_MODEL_PREFIX) else "b64_json"
    linked = (body["response_format"] or by_default) == "url"
    painted = images[0].request
    fitting = images[0].fitting
    transparent = format.keeps_alpha and state().service.catalog.painter(painted.painter).has_alpha
    return {
        "created": int(time.time()),
        "data": [_image(image, linked) for image in images],
        "model": painted.painter,
        "output_format": format.kind,
        "size": format_size(fitting.size),
        "painted_size": format_size(fitting.painted),
        "fit": fitting.fit,
        "background": "transparent" if transparent else "opaque",
        "seed": images[0].seed,
        "subseed_strength": painted.options.subseed_strength,
        "prompt": painted.prompt,
        **reading_of(painted),
    }


@blueprint.get("/models/<name:id>")
@blueprint.output(OneModelOut)
@blueprint.doc(responses=READ_ONE_ERRORS)
def retrieve_model(id: str) -> dict[str, Any]:
    """Describe one painter, as OpenAI describes a model."""
    return _model(state().service.catalog.painter(id))


@blueprint.get("/models")
@blueprint.output(ModelsOut)
@blueprint.doc(responses=READ_ERRORS)
def list_models() -> dict[str, Any]:
    """List the painters, as OpenAI lists models."""
    return {"object": "list", "data": [_model(painter) for painter in state().service.catalog.painters]}


def _image(image: ImageFile, linked: bool) -> dict[str, Any]:
    content = {"url": picture_url(image)} if linked else {"b64_json": b64encode(image.content).decode("ascii")}
    return {**content, "seed": image.seed, "subseed": image.subseed, "revised_prompt": image.request.prompt}


def _model(painter: Painter) -> dict[str, Any]:
    return {"id": painter.name, "object": "model", "created": MODEL_CREATED, "owned_by": MODEL_OWNER}
