"""As much of AUTOMATIC1111's API as its clients need to paint: `/sdapi/v1`."""

import json
import struct
from base64 import b64decode, b64encode
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Dict, List, String
from flask import Response, jsonify
from marshmallow import EXCLUDE

from painting.errors import InvalidRequest, PaintingError
from painting.images import read_png_text
from painting.latents import SEEDS
from painting.painter import Painter
from painting.serving.api import fields
from painting.serving.api.fields import Text
from painting.serving.engine.encoding import PictureFormat, scaled
from painting.serving.engine.image_request import Order
from painting.serving.logs import record_prompts
from painting.serving.state import authenticated_client, state
from painting.validation import MAX_PICTURES

blueprint = APIBlueprint("a1111", __name__, tag="AUTOMATIC1111", url_prefix="/sdapi/v1")
CHECKPOINT = "sd_model_checkpoint"
PNG_BEGINS = b"\x89PNG\r\n\x1a\n"
MOST_READ_PIXELS = 1 << 22
PNG_HEAD = struct.Struct(">16xII")  # the size stands in the first chunk, before anything has to be decoded


class TextToImageIn(Schema):
    """What to paint. The other forty fields that clients send (steps, sampler, negative prompt …) change nothing."""

    class Meta:
        """Others may send what they like."""

        unknown = EXCLUDE

    prompt = fields.prompt()
    seed = fields.whole("seed", -1, SEEDS - 1, -1, "Seed of the first picture; -1: a random one.")
    subseed = fields.whole("subseed", -1, SEEDS - 1, -1, f"{fields.SUBSEED_MEANING} -1: a random one.")
    subseed_strength = fields.subseed_strength()
    batch_size = fields.count("batch_size", 1)
    n_iter = fields.count("n_iter", 1)
    width = fields.side("width", fields.WIDTH_MEANING)
    height = fields.side("height", fields.HEIGHT_MEANING)
    override_settings = Dict(
        load_default=None,
        allow_none=True,
        error_messages={"invalid": f"override_settings must be an object, in which {CHECKPOINT} is a painter's name"},
        metadata={"description": f"{CHECKPOINT}: a painter."},
    )
    truncation = fields.truncation()
    strength = fields.strength()


class TextToImageOut(Schema):
    """Pictures, and what they were painted from."""

    images = List(String(), required=True, metadata={"description": "PNG files in base64."})
    parameters = Dict(required=True)
    info = String(required=True, metadata={"description": "JSON: seed, all_seeds, prompt, width, height, infotexts …"})


class OptionsIn(Schema):
    """Options; those that are none here change nothing."""

    class Meta:
        """Others may send what they like."""

        unknown = EXCLUDE

    sd_model_checkpoint = Text(load_default=None, allow_none=True, metadata={"description": "A painter's name."})


class PngIn(Schema):
    """A picture."""

    class Meta:
        """Others may send what they like."""

        unknown = EXCLUDE

    image = Text(
        load_default="", allow_none=True, metadata={"description": "A PNG file in base64, or as a data address."}
    )


class PngOut(Schema):
    """What a picture says about itself."""

    info = String(required=True)
    items = Dict(required=True)
    parameters = Dict(required=True)


@blueprint.post("/txt2img")
@blueprint.input(TextToImageIn, arg_name="asked")
@blueprint.output(TextToImageOut)
@blueprint.doc(responses=fields.PAINTS)
def txt2img(asked: dict[str, Any]) -> dict[str, Any]:
    """Paint pictures of a prompt."""
    who, service = authenticated_client(), state().service
    painter = _painter((asked["override_settings"] or {}).get(CHECKPOINT) or service.chosen(who))
    count = (asked["batch_size"] or 1) * (asked["n_iter"] or 1)
    if count > MAX_PICTURES:
        raise InvalidRequest(f"batch_size times n_iter may be {MAX_PICTURES}, not {count}")
    seed = None if asked["seed"] in (-1, None) else asked["seed"]
    prompt = (asked["prompt"] or None) if not painter.conditional else asked["prompt"]
    request = painter.request(prompt, count, seed, fields.options(asked))
    record_prompts(prompt=request.prompt)
    order = service.order(request, PictureFormat(size=scaled(asked, state().settings.max_side)))
    files = service.paint(order, who)
    return {
        "images": [b64encode(file).decode("ascii") for file in files],
        "parameters": asked,
        "info": json.dumps(_info(order, painter)),
    }


@blueprint.get("/options")
@blueprint.doc(responses=fields.json_answers("As AUTOMATIC1111 answers", fields.TELLS))
def options() -> Response:
    """Tell the painter that paints when none is named; there are no other options."""
    who = authenticated_client()
    painter = _painter(state().service.chosen(who))
    return jsonify({CHECKPOINT: _title(painter), "sd_checkpoint_hash": _hash(painter), "samples_format": "png"})


@blueprint.post("/options")
@blueprint.input(OptionsIn, arg_name="asked")
@blueprint.doc(
    responses=fields.json_answers("Done", {key: fields.PAINTS[key] for key in (400, 401, 404, 413, 415, 500)})
)
def set_options(asked: dict[str, Any]) -> Response:
    """Choose the painter that paints for this client when it names none; other options change nothing."""
    who = authenticated_client()
    if asked[CHECKPOINT]:
        state().service.choose(who, _painter(asked[CHECKPOINT]))
    return jsonify({})


@blueprint.get("/sd-models")
@blueprint.doc(responses=fields.json_answers("As AUTOMATIC1111 answers", fields.TELLS))
def sd_models() -> Response:
    """List the painters, as AUTOMATIC1111 lists its models."""
    authenticated_client()
    return jsonify(
        [
            {
                "title": _title(painter),
                "model_name": painter.name,
                "hash": _hash(painter)[:10],
                "sha256": _hash(painter),
                "filename": f"{painter.name}.painter",
                "config": None,
            }
            for painter in state().service.painters
        ]
    )


@blueprint.post("/png-info")
@blueprint.input(PngIn, arg_name="asked")
@blueprint.output(PngOut)
@blueprint.doc(responses={key: fields.PAINTS[key] for key in (400, 401, 413, 415, 500)})
def png_info(asked: dict[str, Any]) -> dict[str, Any]:
    """Tell what a PNG's text chunks say."""
    authenticated_client()
    items = _png_text((asked["image"] or "").rpartition(",")[2])
    return {"info": items.get("parameters", ""), "items": items, "parameters": {}}


def _png_text(written: str) -> dict[str, str]:
    """The text chunks of a PNG file in base64; raises InvalidRequest."""
    if not written:
        raise InvalidRequest("there is no image: send a PNG file in base64")
    try:
        png = b64decode(written, validate=True)
    except ValueError as problem:
        raise InvalidRequest(f"the image is not written in base64 (it begins with {written[:20]!r})") from problem
    if not png.startswith(PNG_BEGINS) or len(png) < PNG_HEAD.size:
        raise InvalidRequest(f"the image's {len(png)} bytes are no PNG file: send one as it was painted")
    width, height = PNG_HEAD.unpack_from(png)
    if width * height > MOST_READ_PIXELS:
        raise InvalidRequest(f"the image has {width}x{height} px; {MOST_READ_PIXELS} in all are the most")
    try:
        return read_png_text(png)
    except PaintingError as problem:
        raise InvalidRequest(f"the image's {len(png)} bytes are a damaged PNG file: send it whole") from problem


def _painter(name: object) -> Painter:
    """The painter of a name, with or without the hash that its title has."""
    plain = None if name is None else str(name)
    known = {_title(painter): painter for painter in state().service.painters}
    return known[plain] if plain in known else state().service.painter(plain)


def _title(painter: Painter) -> str:
    return f"{painter.name} [{_hash(painter)[:10]}]"


def _hash(painter: Painter) -> str:
    return painter.manifest.members.get("generator.onnx", "")


def _info(order: Order, painter: Painter) -> dict[str, Any]:
    request, (width, height) = order.request, order.size
    count = len(request.seeds)
    return {
        "prompt": request.prompt or "",
        "all_prompts": [request.prompt or ""] * count,
        "negative_prompt": "",
        "seed": request.seeds[0],
        "all_seeds": list(request.seeds),
        "subseed": request.subseeds[0] if request.subseeds else -1,
        "all_subseeds": list(request.subseeds) or [-1] * count,
        "subseed_strength": request.options.subseed_strength,
        "width": width,
        "height": height,
        "steps": 1,
        "sampler_name": "GAN",
        "batch_size": count,
        "sd_model_name": painter.name,
        "sd_model_hash": _hash(painter)[:10],
        "infotexts": [order.infotext(index) for index in range(count)],
    }
