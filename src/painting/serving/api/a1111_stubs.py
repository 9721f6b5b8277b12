"""Constant answers to what AUTOMATIC1111's clients query before they paint; most of it does not exist here."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify

from painting.serving.api.responses import READ_ERRORS, json_responses
from painting.serving.state import authenticated_client

blueprint = APIBlueprint("a1111_stubs", __name__, tag="AUTOMATIC1111", url_prefix="/sdapi/v1")
IDLE_STATE = {"skipped": False, "interrupted": False, "job": "", "job_count": 0, "job_no": 0, "sampling_step": 0}
CONSTANT_ANSWERS: dict[str, Any] = {
    "samplers": [{"name": "GAN", "aliases": ["gan"], "options": {}}],
    "schedulers": [{"name": "automatic", "label": "Automatic", "aliases": None, "default_rho": -1.0}],
    "progress": {"progress": 0.0, "eta_relative": 0.0, "state": IDLE_STATE, "current_image": None, "textinfo": None},
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


def _add_route(name: str, answer: Any) -> None:
    def constant() -> Response:
        authenticated_client()
        return jsonify(answer)

    constant.__doc__ = f"List {name.replace('-', ' ')}, as AUTOMATIC1111 does: always the same answer."
    described = blueprint.doc(responses=json_responses("As AUTOMATIC1111 answers", READ_ERRORS))(constant)
    blueprint.get(f"/{name}", endpoint=name)(described)


for _name, _answer in CONSTANT_ANSWERS.items():
    _add_route(_name, _answer)
