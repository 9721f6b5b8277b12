"""`POST /v1/morphs`: one picture turns into another, as an animated WebP."""

from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.validators import OneOf
from flask import Response
from marshmallow import RAISE, ValidationError, pre_load

from painting.morph import DEFAULT_FRAME_MS, MAX_FRAME_MS, MIN_FRAME_MS, Loop
from painting.serving.api import fields
from painting.serving.api.fields import Text
from painting.serving.logs import record_prompts
from painting.serving.state import authenticated_client, state
from painting.validation import MAX_MORPH_STEPS

blueprint = APIBlueprint("morphs", __name__, tag="Morphs", url_prefix="/v1")
STEPS = 60
TOLD = {
    "X-Painting-Model": {"schema": {"type": "string"}, "description": "The painter."},
    "X-Painting-Seed": {"schema": {"type": "integer"}, "description": "The seed of the first frame."},
    "X-Painting-To-Seed": {"schema": {"type": "integer"}, "description": "The seed of the last frame."},
    "X-Painting-Subseed": {"schema": {"type": "integer"}, "description": "The first frame's subseed, if it has one."},
    "X-Painting-To-Subseed": {"schema": {"type": "integer"}, "description": "The last frame's."},
}


class MorphIn(Schema):
    """Two pictures, by prompt, by seed or both: what is left out of the second is as in the first."""

    class Meta:
        """A word that is misspelt here would change what is painted."""

        unknown = RAISE

    prompt = fields.prompt("What the first picture shows; left out for a painter that takes no words.")
    to_prompt = fields.prompt("What the last picture shows.")
    seed = fields.seed("Seed of the first picture; random if left out.")
    to_seed = fields.seed("Seed of the last picture.", "to_seed")
    subseed = fields.subseed()
    subseed_strength = fields.subseed_strength()
    to_subseed = fields.subseed("to_subseed")
    to_subseed_strength = fields.subseed_strength("to_subseed_strength")
    truncation = fields.truncation()
    strength = fields.strength()
    model = fields.model()
    steps = fields.whole(
        "number of steps", 2, MAX_MORPH_STEPS, STEPS, "How many frames there are from one to the other."
    )
    ms_a_frame = fields.whole(
        "time of a frame", MIN_FRAME_MS, MAX_FRAME_MS, DEFAULT_FRAME_MS, "Milliseconds that a frame lasts."
    )
    loop = Text(
        load_default=Loop.THERE_AND_BACK.value,
        allow_none=True,
        validate=OneOf(list(map(str, Loop)), error=f"the loop must be one of {', '.join(Loop)}, not {{input!r:.40}}"),
        metadata={"description": "What comes after the end: the way back, the start again, or nothing."},
    )
    lossless = fields.Flag(
        load_default=False, allow_none=True, metadata={"description": "Whether every pixel is kept."}
    )

    @pre_load
    def refuse_unknown(self, asked: dict[str, Any], **_: object) -> dict[str, Any]:
        """Tell a misspelt field by its name, and which there are; raises ValidationError."""
        for name in asked:
            if name not in self.fields:
                raise ValidationError(f"there is no field {name[:40]!r}; there are {', '.join(self.fields)}", name[:40])
        return asked


@blueprint.post("/morphs")
@blueprint.input(MorphIn, arg_name="asked")
@blueprint.doc(
    responses=fields.file_answers(
        "An animated WebP that tells its origin", "image/webp", others=fields.PAINTS, headers=TOLD
    )
)
def morph(asked: dict[str, Any]) -> Response:
    """Paint a morph from one picture to another."""
    who, service = authenticated_client(), state().service
    painter = service.painter(asked["model"])
    ends = {name: asked[name] for name in ("prompt", "to_prompt", "seed", "to_seed")}
    request = painter.morph_request(**ends, options=fields.options(asked), to_variation=fields.variation(asked, "to_"))
    record_prompts(prompt=request.start.prompt, to_prompt=request.end.prompt)
    steps = asked["steps"] or STEPS
    with service.room(steps * painter.size**2):
        painted = service.paint_morph(request, steps, who)
        file = painted.webp(
            asked["ms_a_frame"] or DEFAULT_FRAME_MS, asked["loop"] or Loop.THERE_AND_BACK, bool(asked["lossless"])
        )
    response = Response(file, content_type="image/webp")
    response.headers["Cache-Control"] = "no-store"
    told = (painter.name.encode("ascii", "replace").decode(), *request.seeds, *request.subseeds)
    response.headers.extend((name, str(value)) for name, value in zip(TOLD, told, strict=True) if value is not None)
    return response
