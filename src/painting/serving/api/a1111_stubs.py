"""Constant answers to what AUTOMATIC1111's clients call beside painting; most of it does not exist here."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify

from painting.serving.api.responses import READ_ERRORS, json_responses

blueprint = APIBlueprint("a1111_stubs", __name__, tag="AUTOMATIC1111", url_prefix="/sdapi/v1")
IDLE_STATE = {
    "skipped": False,
    "interrupted": False,
    "stopping_generation": False,
    "job": "",
    "job_count": 0,
    "job_timestamp": "0",
    "job_no": 0,
    "sampling_step": 0,
    "sampling_steps": 0,
}
NO_UPSCALER = {"name": "None", "model_name": None, "model_path": None, "model_url": None, "scale": 4.0}
UNAVAILABLE_FIGURES = {"error": "unavailable"}  # as AUTOMATIC1111 says where a figure cannot be had
GET_ANSWERS: dict[str, Any] = {
    "samplers": [{"name": "GAN", "aliases": ["gan"], "options": {}}],
    "schedulers": [
        {"name": "automatic", "label": "Automatic", "aliases": None, "default_rho": -1.0, "need_inner_model": False}
    ],
    "progress": {"progress": 0.0, "eta_relative": 0.0, "state": IDLE_STATE, "current_image": None, "textinfo": None},
    "upscalers": [NO_UPSCALER],
    "latent-upscale-modes": [],
    "loras": [],
    "sd-vae": [],
    "hypernetworks": [],
    "face-restorers": [],
    "realesrgan-models": [],
    "prompt-styles": [],
    "embeddings": {"loaded": {}, "skipped": {}},
    "scripts": {"txt2img": [], "img2img": []},
    "script-info": [],
    "extensions": [],
    "cmd-flags": {},
    "memory": {"ram": UNAVAILABLE_FIGURES, "cuda": UNAVAILABLE_FIGURES},
}
# A picture is painted in milliseconds, and painters are loaded at the start: there is nothing to stop or to load.
POST_ANSWERS: dict[str, Any] = {
    "interrupt": {},
    "skip": None,
    "refresh-checkpoints": None,
    "refresh-vae": None,
    "refresh-loras": None,
    "refresh-embeddings": None,
    "unload-checkpoint": {},
    "reload-checkpoint": {},
}


def _add_route(method: str, name: str, answer: Any) -> None:
    def constant() -> Response:
        return jsonify(answer)

    constant.__doc__ = f"Answer {name.replace('-', ' ')} as AUTOMATIC1111 does: always the same."
    described = blueprint.doc(responses=json_responses("As AUTOMATIC1111 answers", READ_ERRORS))(constant)
    blueprint.route(f"/{name}", endpoint=name.replace("-", "_"), methods=[method])(described)


for _method, _answers in (("GET", GET_ANSWERS), ("POST", POST_ANSWERS)):
    for _name, _answer in _answers.items():
        _add_route(_method, _name, _answer)
