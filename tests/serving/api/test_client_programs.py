"""Other people's programs: what they send to paint, and what they call beside painting."""

from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from tests.serving.api.writing_clients import (
    PROMPT,
    Client,
    answered,
    by_a1111,
    by_huggingface,
    by_openai,
)

# Whole bodies, as these programs send them.
SILLY_TAVERN_BODY = {
    "negative_prompt": "lowres, bad anatomy", "sampler_name": "DDIM", "scheduler": "automatic", "steps": 20,
    "cfg_scale": 7, "width": 512, "height": 512, "restore_faces": False, "enable_hr": False, "hr_upscaler": "Latent",
    "hr_scale": 2, "hr_additional_modules": [], "denoising_strength": 0.7, "hr_second_pass_steps": 0, "seed": -1,
    "override_settings": {"CLIP_stop_at_last_layers": 1, "sd_vae": "Automatic", "forge_additional_modules": []},
    "override_settings_restore_afterwards": True, "clip_skip": 1, "save_images": True, "send_images": True,
    "do_not_save_grid": False, "do_not_save_samples": False,
}  # fmt: skip
OPEN_WEBUI_BODY = {"batch_size": 1, "width": 512, "height": 512, "steps": 50, "negative_prompt": "", "cfg_scale": 7.5}
TEXT_GENERATION_WEBUI_BODY = {
    "seed": -1, "sampler_name": "DPM++ 2M Karras", "enable_hr": False, "hr_scale": 1.0, "hr_upscaler": "ESRGAN_4x",
    "denoising_strength": 0.7, "steps": 32, "cfg_scale": 7.0, "width": 512, "height": 512, "restore_faces": False,
    "override_settings_restore_afterwards": True, "styles": None, "alwayson_scripts": {},
}  # fmt: skip
A1111_EVERYTHING = {
    "subseed": -1, "subseed_strength": 0, "seed_resize_from_h": -1, "seed_resize_from_w": -1, "sampler_index": "Euler",
    "n_iter": 1, "tiling": None, "eta": None, "s_min_uncond": None, "s_churn": 0.0, "script_name": None,
    "script_args": [], "refiner_checkpoint": None, "comments": None, "firstphase_width": 0, "hr_prompt": "",
    "width": None, "height": None, "override_settings": None, "styles": [], "batch_size": "1", "steps": -3,
}  # fmt: skip
OPENAI_EVERYTHING = {
    "model": "gpt-image-1", "n": 1, "size": "auto", "quality": "hd", "style": "vivid", "background": "auto",
    "moderation": "low", "output_compression": 100, "output_format": "png", "partial_images": None, "user": "u-1",
    "response_format": "b64_json", "stream": False,
}  # fmt: skip
OPENAI_NULLS = dict.fromkeys(OPENAI_EVERYTHING)
HUGGING_FACE_PARAMETERS = {
    "negative_prompt": "fog", "num_inference_steps": 30, "guidance_scale": 7.5, "scheduler": "Euler", "seed": None,
    "width": None, "height": None, "target_size": {"width": 512, "height": 512},
}  # fmt: skip
BODIES: list[tuple[Client, dict[str, Any]]] = [
    (by_a1111, SILLY_TAVERN_BODY),
    (by_a1111, OPEN_WEBUI_BODY),
    (by_a1111, TEXT_GENERATION_WEBUI_BODY),
    (by_a1111, A1111_EVERYTHING),
    (by_openai, OPENAI_EVERYTHING),
    (by_openai, OPENAI_NULLS),
    (by_openai, {"model": "dall-e-3", "n": 1, "size": "1024x1024", "response_format": "b64_json"}),
    (by_huggingface, HUGGING_FACE_PARAMETERS),
    (by_huggingface, {}),
]


@pytest.mark.parametrize(("paint", "body"), BODIES)
def test_a_whole_body_of_a_program_is_painted(client: FlaskClient, paint: Client, body: dict[str, Any]) -> None:
    assert paint(client, body).files


STARTUP_CALLS = {
    "SillyTavern": [
        "GET /sdapi/v1/options", "GET /sdapi/v1/upscalers", "GET /sdapi/v1/latent-upscale-modes",
        "GET /sdapi/v1/sd-vae", "GET /sdapi/v1/samplers", "GET /sdapi/v1/schedulers", "GET /sdapi/v1/sd-models",
        "GET /sdapi/v1/progress", "POST /sdapi/v1/interrupt",
    ],
    "text-generation-webui": [
        "GET /sdapi/v1/sd-models", "GET /sdapi/v1/samplers", "POST /sdapi/v1/refresh-checkpoints",
        "POST /sdapi/v1/unload-checkpoint", "POST /sdapi/v1/reload-checkpoint",
    ],
    "webuiapi": [
        "GET /sdapi/v1/scripts", "GET /sdapi/v1/cmd-flags", "GET /sdapi/v1/realesrgan-models", "GET /sdapi/v1/memory",
        "GET /sdapi/v1/hypernetworks", "GET /sdapi/v1/face-restorers", "GET /sdapi/v1/prompt-styles",
        "GET /sdapi/v1/embeddings", "POST /sdapi/v1/skip", "GET /sdapi/v1/loras",
    ],
    "AUTOMATIC1111's others": [
        "GET /internal/ping", "GET /sdapi/v1/script-info", "GET /sdapi/v1/extensions", "POST /sdapi/v1/refresh-vae",
        "POST /sdapi/v1/refresh-loras", "POST /sdapi/v1/refresh-embeddings",
        "GET /sdapi/v1/progress?skip_current_image=true",
    ],
    "OpenAI": ["GET /v1/models", "GET /v1/models/gpt-image-1", "GET /v1/models/dall-e-3", "GET /v1/models/tiny"],
}  # fmt: skip


@pytest.mark.parametrize("program", STARTUP_CALLS)
def test_what_a_program_calls_beside_painting_is_answered(client: FlaskClient, program: str) -> None:
    for call in STARTUP_CALLS[program]:
        method, _, path = call.partition(" ")
        response = client.open(path, method=method)
        assert (response.status_code, response.content_type) == (200, "application/json"), call


@pytest.mark.parametrize(
    "call",
    [
        "GET //sdapi/v1/options", "POST //sdapi/v1/txt2img", "POST /v1//images/generations", "GET /v1//models",
        "GET //v1/pictures?prompt=a+rose", "POST //models/tiny", "OPTIONS //v1/images/generations", "GET /v1/models/",
        "POST /sdapi/v1/txt2img/", "GET //?input=a+rose", "GET ///livez",
    ],
)  # fmt: skip
def test_a_base_address_may_end_in_a_slash(client: FlaskClient, call: str) -> None:
    method, _, path = call.partition(" ")
    body = {"prompt": PROMPT, "inputs": PROMPT} if method == "POST" else None
    # The client of tests would take what follows two slashes as a host.
    path, _, query = path.partition("?")
    assert (
        client.open(environ_overrides={"PATH_INFO": path}, query_string=query, method=method, json=body).status_code
        == 200
    )


def test_a_model_can_be_set_by_what_lists_show(client: FlaskClient) -> None:
    options = answered(client.get("/sdapi/v1/options"))
    (listed,) = client.get("/sdapi/v1/sd-models").json  # type: ignore[misc]
    for name in (listed["title"], listed["model_name"], listed["filename"]):
        assert client.post("/sdapi/v1/options", json={**options, "sd_model_checkpoint": name}).status_code == 200
        assert by_a1111(client, {"override_settings": {"sd_model_checkpoint": name}}).files


def test_head_without_a_prompt_is_that_of_the_page(client: FlaskClient) -> None:
    head = client.head("/")
    assert (head.status_code, head.mimetype, head.data) == (200, "text/html", b"")


def test_head_is_answered_wherever_get_is(client: FlaskClient, app: APIFlask) -> None:
    paths = {
        rule.rule.replace("<name:name>", "tiny").replace("<name:id>", "tiny")
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and "<path:" not in rule.rule and "/assets/" not in rule.rule
    }
    assert {"/", "/v1/pictures", "/v1/models", "/sdapi/v1/options", "/livez"} <= paths
    for path in paths:
        query = f"{path}?prompt=a+rose&input=a+rose&seed=7"
        got, head = client.get(query), client.head(query)
        assert (head.status_code, head.data) == (200, b"") and head.content_type == got.content_type, path
        if path not in ("/metrics", "/openapi.json"):  # the first counts this request too
            assert head.content_length == got.content_length, path
