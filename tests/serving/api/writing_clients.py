"""Each API as one function: from values, as a client writes them, to what it painted and states."""

import base64
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

PROMPT = "a red rose"


@dataclass(frozen=True)
class Painted:
    """What an API answered: its files, the seed of the first, and what it states of their size."""

    files: list[bytes]
    seed: int
    size: str | None = None
    painted_size: str | None = None
    fit: str | None = None

    @property
    def image(self) -> Image.Image:
        """The first picture."""
        return Image.open(io.BytesIO(self.files[0]))


def answered(response: TestResponse) -> dict[str, Any]:
    assert response.status_code == 200 and response.json is not None, response.text
    found: dict[str, Any] = response.json
    return found


def cache_hits(client: FlaskClient) -> float:
    """How many pictures a server has answered from its cache."""
    found = re.search(r'painting_cache_total{cache="pictures",outcome="hit"} (\S+)', client.get("/metrics").text)
    return float(found[1]) if found else 0.0


def decoded(images: list[str]) -> list[bytes]:
    return [base64.b64decode(image, validate=True) for image in images]


def by_thesis(client: FlaskClient, values: dict[str, Any]) -> Painted:
    query = {"input": PROMPT, **{name: "" if value is None else value for name, value in values.items()}}
    answer = answered(client.get("/", query_string=query))
    return Painted(decoded(answer["images"]), answer["seeds"][0])


def by_address(client: FlaskClient, values: dict[str, Any]) -> Painted:
    query = {"prompt": PROMPT, **{name: "" if value is None else value for name, value in values.items()}}
    return by_headers(client.get("/v1/pictures", query_string=query))


def by_openai(client: FlaskClient, values: dict[str, Any]) -> Painted:
    answer = answered(client.post("/v1/images/generations", json={"prompt": PROMPT, **values}))
    files = decoded([each["b64_json"] for each in answer["data"]])
    return Painted(files, answer["seed"], answer["size"], answer["painted_size"], answer["fit"])


def by_a1111(client: FlaskClient, values: dict[str, Any]) -> Painted:
    answer = answered(client.post("/sdapi/v1/txt2img", json={"prompt": PROMPT, **values}))
    info = json.loads(answer["info"])
    size = f"{info['width']}x{info['height']}"
    extra = info["extra_generation_params"]
    return Painted(decoded(answer["images"]), info["seed"], size, extra.get("Painted size", size), extra.get("Fit"))


def by_huggingface(client: FlaskClient, values: dict[str, Any]) -> Painted:
    return by_headers(client.post("/models/tiny", json={"inputs": PROMPT, "parameters": values}))


def by_headers(response: TestResponse) -> Painted:
    assert response.status_code == 200, response.text
    image = Image.open(io.BytesIO(response.data))
    stated = {name: response.headers.get(f"X-Painting-{name}") for name in ("Seed", "Size", "Fit")}
    return Painted(
        [response.data], int(stated["Seed"] or ""), "x".join(map(str, image.size)), stated["Size"], stated["Fit"]
    )


Client = Callable[[FlaskClient, dict[str, Any]], Painted]
