"""OpenAI's images API: what speaks to it speaks to this server."""

import time
from base64 import b64encode
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Float, Integer, List, Nested, String
from apiflask.validators import OneOf, Regexp
from marshmallow import EXCLUDE

from painting.errors import InvalidRequest
from painting.painter import Painter
from painting.serving.api import fields
from painting.serving.api.fields import Text
from painting.serving.api.picture_links import link
from painting.serving.engine.encoding import KINDS, QUALITY, PictureFormat, parse_size
from painting.serving.logs import record_prompts
from painting.serving.state import authenticated_client, state

blueprint = APIBlueprint("openai", __name__, tag="OpenAI", url_prefix="/v1")
OWNER = "painting"
CREATED = 1_735_689_600  # painter files hold no time, so that the same painter is the same file: 2025 began


class ImagesIn(Schema):
    """What to paint. Other fields of OpenAI's (quality, style, background, user …) are accepted and change nothing."""

    class Meta:
        """Others may send what they like."""

        unknown = EXCLUDE

    prompt = fields.prompt()
    model = fields.model()
    n = fields.count("number n of pictures", 1)
    size = Text(
        load_default=None,
        allow_none=True,
        validate=Regexp(
            r"^(auto|[0-9]{1,5}x[0-9]{1,5})$", error="the size must be 'auto' or WIDTHxHEIGHT in px, not {input!r:.40}"
        ),
        metadata={"description": "auto, or WIDTHxHEIGHT in px: the picture is scaled, and cut to that shape."},
    )
    response_format = Text(
        load_default=None,
        allow_none=True,
        validate=OneOf(("b64_json", "url"), error="the response_format must be b64_json or url, not {input!r:.40}"),
        metadata={"description": "How pictures are given: in base64 (b64_json), or as links to them."},
    )
    output_format = Text(
        load_default=None,
        allow_none=True,
        validate=OneOf(KINDS, error=f"the output_format must be one of {', '.join(KINDS)}, not {{input!r:.40}}"),
        metadata={"description": "The kind of file; png if left out."},
    )
    output_compression = fields.whole("output_compression", 0, 100, None, "Quality of webp and jpeg.")
    seed = fields.seed()
    truncation = fields.truncation()
    strength = fields.strength()
    subseed = fields.subseed()
    subseed_strength = fields.subseed_strength()
    stream = fields.Flag(
        load_default=False, allow_none=True, metadata={"description": "Pictures come all at once: only false."}
    )


class ImageOut(Schema):
    """One picture."""

    b64_json = String(metadata={"description": "The file in base64."})
    url = String(metadata={"description": "A link to the file."})
    seed = Integer(required=True, metadata={"description": "The seed that paints it again."})
    subseed = Integer(
        required=True, allow_none=True, metadata={"description": "The subseed too, of a picture near another one."}
    )
    revised_prompt = String(allow_none=True, metadata={"description": "The prompt as it was read."})


class ImagesOut(Schema):
    """Pictures, and what would paint them again."""

    created = Integer(required=True, metadata={"description": "Seconds since 1970."})
    data = List(Nested(ImageOut), required=True)
    model = String(required=True)
    output_format = String(required=True)
    size = String(required=True)
    seed = Integer(required=True)
    subseed_strength = Float(required=True)
    prompt = String(required=True, allow_none=True)
    truncated = fields.Flag(required=True, metadata={"description": "Whether the prompt's end was not read."})


class ModelOut(Schema):
    """A painter, as OpenAI lists models."""

    id = String(required=True)
    object = String(required=True)
    created = Integer(required=True)
    owned_by = String(required=True)


class OneModelOut(ModelOut):
    """The painter that was asked for."""


class ModelsOut(Schema):
    """All painters, as OpenAI lists models."""

    object = String(required=True)
    data = List(Nested(ModelOut), required=True)


@blueprint.post("/images/generations")
@blueprint.input(ImagesIn, arg_name="asked")
@blueprint.output(ImagesOut)
@blueprint.doc(responses=fields.PAINTS)
def generate(asked: dict[str, Any]) -> dict[str, Any]:
    """Paint pictures of a prompt."""
    if asked["stream"]:
        raise InvalidRequest("this server sends pictures all at once: leave out stream")
    who, service = authenticated_client(), state().service
    painter = service.painter(asked["model"])
    request = painter.request(asked["prompt"], asked["n"] or 1, asked["seed"], fields.options(asked))
    record_prompts(prompt=request.prompt)
    quality = asked["output_compression"]
    size = parse_size(asked["size"], state().settings.max_side)
    kind = asked["output_format"] or KINDS[0]
    order = service.order(request, PictureFormat(kind, QUALITY if quality is None else quality, size))
    files = service.paint(order, who)
    data = []
    for index, (file, seed) in enumerate(zip(files, request.seeds, strict=True)):
        linked = asked["response_format"] == "url"
        given = {"url": link(order, index)} if linked else {"b64_json": b64encode(file).decode("ascii")}
        subseed = request.subseeds[index] if request.subseeds else None
        data.append({**given, "seed": seed, "subseed": subseed, "revised_prompt": request.prompt})
    told = {"model": painter.name, "output_format": kind, "size": "{}x{}".format(*order.size), "seed": request.seeds[0]}
    told |= {
        "prompt": request.prompt,
        "truncated": request.truncated,
        "subseed_strength": request.options.subseed_strength,
    }
    return {"created": int(time.time()), "data": data, **told}


@blueprint.get("/models/<id>")
@blueprint.output(OneModelOut)
@blueprint.doc(responses={**fields.TELLS, 404: fields.PAINTS[404]})
def model(id: str) -> dict[str, Any]:
    """Tell of one painter, as OpenAI's clients ask."""
    authenticated_client()
    return _model(state().service.painter(id))


@blueprint.get("/models")
@blueprint.output(ModelsOut)
@blueprint.doc(responses=fields.TELLS)
def models() -> dict[str, Any]:
    """List the painters, as OpenAI's clients ask."""
    authenticated_client()
    return {"object": "list", "data": [_model(painter) for painter in state().service.painters]}


def _model(painter: Painter) -> dict[str, Any]:
    return {"id": painter.name, "object": "model", "created": CREATED, "owned_by": OWNER}
