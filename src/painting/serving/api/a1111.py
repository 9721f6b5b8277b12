"""AUTOMATIC1111's API, as much as its clients need to paint: `/sdapi/v1`."""

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Dict, List, String
from flask import Response, jsonify

from painting.errors import InvalidRequest, PaintingError
from painting.files.painter_file import GENERATOR_MEMBER
from painting.images import PNG_SIGNATURE, read_png_text
from painting.paint.painter import Painter
from painting.paint.validation import MAX_PICTURES
from painting.serving.api import fields
from painting.serving.api.field_types import RANDOM_SEED, Text
from painting.serving.api.readings import negative_prompt, notes_on, reading_of
from painting.serving.api.responses import PAINT_ERRORS, READ_ERRORS, json_responses
from painting.serving.engine.encoding import PictureFormat
from painting.serving.engine.image_request import FILE_KEYS, ImageFile, ImageRequest
from painting.serving.engine.infotext import extra_parameters, infotext, parse_infotext
from painting.serving.state import current_client, state

blueprint = APIBlueprint("a1111", __name__, tag="AUTOMATIC1111", url_prefix="/sdapi/v1")
CHECKPOINT_KEY = "sd_model_checkpoint"
ANSWER_DESCRIPTION = "As AUTOMATIC1111 answers"
SET_ERRORS = {status: PAINT_ERRORS[status] for status in (400, 401, 404, 413, 415, 500)}


class TextToImageIn(fields.PaintOptionsIn, fields.PromptIn, fields.TolerantSchema):
    """A prompt and options. Some forty other fields (steps, sampler, styles …) are accepted and ignored."""

    negative_prompt = negative_prompt()
    batch_size = fields.count("batch_size", 1)
    n_iter = fields.count("n_iter", 1)
    width = fields.side("width")
    height = fields.side("height")
    fit = fields.fit()
    background = fields.background()
    override_settings = Dict(
        load_default=None,
        allow_none=True,
        error_messages={
            "invalid": f"override_settings must be an object, in which {CHECKPOINT_KEY} is a painter's name"
        },
        metadata={"description": f"{CHECKPOINT_KEY}: a painter's name."},
    )


class TextToImageOut(Schema):
    """Pictures, and the values that reproduce them."""

    images = List(String(), required=True, metadata={"description": "PNG files in base64."})
    parameters = Dict(required=True)
    info = String(
        required=True, metadata={"description": "JSON: seed, prompt, truncated, notes, unknown_words, infotexts …"}
    )


class OptionsIn(fields.TolerantSchema):
    """Options; unknown ones are ignored."""

    sd_model_checkpoint = fields.text("A painter's name.")


class PngIn(fields.TolerantSchema):
    """A picture."""

    image = Text(load_default="", allow_none=True, metadata={"description": "A PNG file in base64, or as a data URL."})


class PngOut(Schema):
    """The metadata of a picture."""

    info = String(required=True)
    items = Dict(required=True)
    parameters = Dict(required=True, metadata={"description": "The info's prompts and values, by their keys."})


@blueprint.post("/txt2img")
@blueprint.input(TextToImageIn, arg_name="body")
@blueprint.output(TextToImageOut)
@blueprint.doc(responses=PAINT_ERRORS)
def txt2img(body: dict[str, Any]) -> dict[str, Any]:
    """Paint pictures of a prompt."""
    client = current_client()
    service = state().service
    painter = _painter((body["override_settings"] or {}).get(CHECKPOINT_KEY) or service.catalog.choice(client))
    count = body["batch_size"] * body["n_iter"]
    if count > MAX_PICTURES:
        raise InvalidRequest(f"batch_size times n_iter may be at most {MAX_PICTURES}, not {count}", "count")
    prompt = body["prompt"] if painter.conditional else body["prompt"] or None
    format = PictureFormat(size=fields.size(body), fit=body["fit"], background=body["background"])
    image_request = ImageRequest(prompt, painter.name, count, body["seed"], fields.options(body), format)
    images = service.answer(image_request, client)
    return {
        "images": [b64encode(image.content).decode("ascii") for image in images],
        "parameters": body,
        "info": json.dumps(_info(images, painter, body["batch_size"], *notes_on(body["negative_prompt"]))),
    }


@blueprint.get("/options")
@blueprint.doc(responses=json_responses(ANSWER_DESCRIPTION, READ_ERRORS))
def get_options() -> Response:
    """Return the painter of requests that name none; there are no other options."""
    painter = _painter(state().service.catalog.choice(current_client()))
    return jsonify({CHECKPOINT_KEY: _title(painter), "sd_checkpoint_hash": _hash(painter), "samples_format": "png"})


@blueprint.post("/options")
@blueprint.input(OptionsIn, arg_name="body")
@blueprint.doc(responses=json_responses("Done", SET_ERRORS))
def set_options(body: dict[str, Any]) -> Response:
    """Choose the painter of this client's requests that name none; other options are ignored."""
    client = current_client()
    if body[CHECKPOINT_KEY]:
        state().service.catalog.choose(client, _painter(body[CHECKPOINT_KEY]))
    return jsonify({})


@blueprint.get("/sd-models")
@blueprint.doc(responses=json_responses(ANSWER_DESCRIPTION, READ_ERRORS))
def sd_models() -> Response:
    """List the painters, as AUTOMATIC1111 lists its models."""
    return jsonify(
        [
            {
                "title": _title(painter),
                "model_name": painter.name,
                "hash": _hash(painter)[:10],
                "sha256": _hash(painter),
                "filename": _filename(painter),
                "config": None,
            }
            for painter in state().service.catalog.painters
        ]
    )


@blueprint.post("/png-info")
@blueprint.input(PngIn, arg_name="body")
@blueprint.output(PngOut)
@blueprint.doc(responses={status: SET_ERRORS[status] for status in SET_ERRORS if status != 404})
def png_info(body: dict[str, Any]) -> dict[str, Any]:
    """Read what a PNG states of its origin, in our own text chunks and in AUTOMATIC1111's."""
    items = _png_text((body["image"] or "").rpartition(",")[2])
    info = items.get("parameters", "")
    return {"info": info, "items": items, "parameters": parse_infotext(info)}


def _png_text(encoded: str) -> dict[str, str]:
    """The text chunks of a PNG file in base64; raises InvalidRequest."""
    if not encoded:
        raise InvalidRequest("there is no image: send a PNG file in base64", "image")
    try:
        png = b64decode("".join(encoded.split()), validate=True)
    except ValueError as problem:
        raise InvalidRequest(f"the image is not base64 (it begins with {encoded[:20]!r})", "image") from problem
    if not png.startswith(PNG_SIGNATURE):
        raise InvalidRequest(f"the image's {len(png)} bytes are no PNG file: send one as it was painted", "image")
    try:
        return {key: value for key, value in read_png_text(png).items() if key in FILE_KEYS}
    except PaintingError as problem:
        message = f"the image's {len(png)} bytes are a damaged PNG file: send it whole"
        raise InvalidRequest(message, "image") from problem


def _painter(name: object) -> Painter:
    """The painter of a name, title or file name, as `sd_models` lists them; None: the default one. Raises NotFound."""
    catalog = state().service.catalog
    written = {key: painter for painter in catalog.painters for key in (_title(painter), _filename(painter))}
    text = None if name is None else str(name)
    return written[text] if text in written else catalog.painter(text)


def _title(painter: Painter) -> str:
    return f"{painter.name} [{_hash(painter)[:10]}]"


def _filename(painter: Painter) -> str:
    return f"{painter.name}.painter"


def _hash(painter: Painter) -> str:
    return painter.manifest.members.get(GENERATOR_MEMBER, "")


def _info(images: Sequence[ImageFile], painter: Painter, batch_size: int, *more_notes: str) -> dict[str, Any]:
    first = images[0]
    width, height = first.fitting.size
    prompt = first.request.prompt or ""
    subseeds = [RANDOM_SEED if image.subseed is None else image.subseed for image in images]
    return {
        "prompt": prompt,
        "all_prompts": [prompt] * len(images),
        "negative_prompt": "",
        "seed": first.seed,
        "all_seeds": [image.seed for image in images],
        "subseed": subseeds[0],
        "all_subseeds": subseeds,
        "subseed_strength": first.request.options.subseed_strength,
        "width": width,
        "height": height,
        "steps": 1,
        "sampler_name": "GAN",
        "batch_size": batch_size,
        "sd_model_name": painter.name,
        "sd_model_hash": _hash(painter)[:10],
        **reading_of(first.request, *more_notes),
        "extra_generation_params": extra_parameters(first.fitting),
        "infotexts": [infotext(image.request, image.fitting) for image in images],
    }
