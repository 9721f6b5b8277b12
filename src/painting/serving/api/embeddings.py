"""OpenAI's embeddings API: `POST /v1/embeddings` encodes prompts by a painter's text encoder."""

from base64 import b64encode
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Field, Float, Integer, List, Nested, Raw, String

from painting.errors import InvalidRequest
from painting.images import FloatArray
from painting.paint.prompt_embedding import PromptEmbedding
from painting.serving.api import fields
from painting.serving.api.field_types import wrong_value
from painting.serving.api.responses import PAINT_ERRORS
from painting.serving.state import state

blueprint = APIBlueprint("embeddings", __name__, tag="OpenAI", url_prefix="/v1")
MAX_INPUTS = 16  # texts of one request: bounds its time
MAX_DIMENSIONS = 1 << 16
NUMBER_DECIMALS = 6  # of a number in JSON; float32 has hardly more
ENCODING_FORMATS = ("float", "base64")
EMBED_ERRORS = {status: PAINT_ERRORS[status] for status in (400, 401, 404, 413, 415, 500)}
INPUT_SENTENCE = f"the input must be a text, or an array of 1 to {MAX_INPUTS} texts"
NUMBERS_SCHEMA = [{"type": "array", "items": {"type": "number"}}, {"type": "string"}]
TEXTS_SCHEMA = [
    {"type": "string"},
    {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": MAX_INPUTS},
]


class Texts(Field):  # type: ignore[type-arg]  # generic in some versions of marshmallow alone
    """A JSON string or an array of them, as a list; arrays of tokens are refused, as they are another encoder's."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str]:
        texts = [value] if isinstance(value, str) else value
        is_list = isinstance(texts, list) and 1 <= len(texts) <= MAX_INPUTS
        if not is_list or not all(isinstance(text, str) for text in texts):
            raise wrong_value(INPUT_SENTENCE, value)
        found: list[str] = texts
        return found


class EmbeddingsIn(fields.TolerantSchema):
    """Prompts to encode. OpenAI's other fields (user …) are accepted and ignored."""

    input = Texts(
        required=True,
        error_messages={"required": INPUT_SENTENCE, "null": f"{INPUT_SENTENCE}, not null"},
        metadata={"description": "A prompt, or several.", "anyOf": TEXTS_SCHEMA},
    )
    model = fields.model()
    encoding_format = fields.choice(
        "encoding_format", ENCODING_FORMATS, ENCODING_FORMATS[0], "Numbers, or float32 in base64, little-endian."
    )
    dimensions = fields.whole(
        "number of dimensions", (1, MAX_DIMENSIONS), None, "The width of the painter's text vectors, if it is stated."
    )


class NearCaptionOut(Schema):
    """A caption of the painter's training."""

    caption = String(required=True)
    similarity = Float(required=True, metadata={"description": "Cosine similarity to the prompt."})


class EmbeddingOut(Schema):
    """One prompt's embedding."""

    object = String(required=True)
    index = Integer(required=True)
    embedding = Raw(required=True, metadata={"description": "A vector of length 1.", "anyOf": NUMBERS_SCHEMA})
    nearest_captions = List(
        Nested(NearCaptionOut),
        required=True,
        metadata={"description": "The nearest captions of the painter's training; none if its file holds none."},
    )


class UsageOut(Schema):
    """What was read."""

    prompt_tokens = Integer(required=True)
    total_tokens = Integer(required=True)


class EmbeddingsOut(Schema):
    """The embeddings of prompts, in their order."""

    object = String(required=True)
    data = List(Nested(EmbeddingOut), required=True)
    model = String(required=True)
    usage = Nested(UsageOut, required=True)


@blueprint.post("/embeddings")
@blueprint.input(EmbeddingsIn, arg_name="body")
@blueprint.output(EmbeddingsOut)
@blueprint.doc(responses=EMBED_ERRORS)
def embed(body: dict[str, Any]) -> dict[str, Any]:
    """Encode prompts, as the painter's text encoder reads them."""
    painter, embeddings = state().service.embed(body["input"], body["model"])
    _check_dimensions(body["dimensions"], embeddings[0])
    tokens = sum(embedding.tokens for embedding in embeddings)
    write = _in_base64 if body["encoding_format"] == "base64" else _as_numbers
    data = [
        {
            "object": "embedding",
            "index": index,
            "embedding": write(embedding.vector),
            "nearest_captions": [vars(near) for near in embedding.nearest],
        }
        for index, embedding in enumerate(embeddings)
    ]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": data, "model": painter.name, "usage": usage}


def _check_dimensions(requested: int | None, embedding: PromptEmbedding) -> None:
    """Raise InvalidRequest for another number of dimensions than the encoder's, which is not shortened."""
    width = len(embedding.vector)
    if requested not in (None, width):
        raise InvalidRequest(f"this painter's embeddings have {width} dimensions, not {requested}", "dimensions")


def _as_numbers(vector: FloatArray) -> list[float]:
    return [round(number, NUMBER_DECIMALS) for number in vector.tolist()]


def _in_base64(vector: FloatArray) -> str:
    return b64encode(vector.astype("<f4").tobytes()).decode("ascii")
