"""What AUTOMATIC1111's clients ask before they paint; most of it does not exist here, and is told as none."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify

from painting.serving.api import fields
from painting.serving.state import authenticated_client

blueprint = APIBlueprint("a1111_lists", __name__, tag="AUTOMATIC1111", url_prefix="/sdapi/v1")
IDLE = {"skipped": False, "interrupted": False, "job": "", "job_count": 0, "job_no": 0, "sampling_step": 0}
ANSWERS: dict[str, Any] = {
    "samplers": [{"name": "GAN", "aliases": ["gan"], "options": {}}],
    "schedulers": [{"name": "automatic", "label": "Automatic", "aliases": None, "default_rho": -1.0}],
    "progress": {"progress": 0.0, "eta_relative": 0.0, "state": IDLE, "current_image": None, "textinfo": None},
    "upscalers": [],
    "latent-upscale-modes": [],
    "loras": [],
    "sd-vae": [],
    "hypernetworks": [],
    "face-restorers": [],
    "prompt-styles": [],
    "embeddings": {"loaded": {}, "skipped": {}},
    "scripts": {"txt2img": [], "img2img": []},
    "cmd-flags": {},
}


def _answering(name: str, answer: Any) -> None:
    def told() -> Response:
        authenticated_client()
        return jsonify(answer)

    told.__doc__ = (
        f"Tell {name.replace('-', ' ')}, as AUTOMATIC1111 does: {'nothing' if not answer else 'the same'} always."
    )
    described = blueprint.doc(responses=fields.json_answers("As AUTOMATIC1111 answers", fields.TELLS))(told)
    blueprint.get(f"/{name}", endpoint=name)(described)


for _name, _answer in ANSWERS.items():
    _answering(_name, _answer)
