"""The description of the served painters."""

import io
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from PIL import Image
from tests.files.graphs import one_node
from tests.files.hostile_files import HOSTILE_BYTES, painter_bytes, zipped

from painting.errors import PainterFileError
from painting.paint.painter import Painter
from painting.serving.app import create_app
from painting.serving.settings import Settings

HIDDEN = "\x1b]0;title\x07\x1b[31mred\u202etfel\u2066\u200b\ud800\x00\nline <script>alert(1)</script>"
CLEANED = "]0;title[31mredtfel line <script>alert(1)</script>"


def test_a_painter_is_described_with_example_prompts(client: FlaskClient) -> None:
    assert client.get("/v1/painters").json == {
        "painters": [
            {
                "name": "tiny",
                "picture_size": 16,
                "takes_prompt": True,
                "takes_strength": False,
                "has_alpha": False,
                "example_prompts": ["a red rose", "a yellow tulip"],
                "card": {"data": "random weights, for tests"},
                "samples": "/v1/painters/tiny/samples.webp",
            }
        ]
    }


def test_one_painter_has_figures_too(painter: Painter, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(painter.manifest.card, "figures", [{"name": "precision"}])
    (listed,) = client.get("/v1/painters").json["painters"]  # type: ignore[index]
    described = client.get("/v1/painters/tiny").json
    assert described == {**listed, "card": {**listed["card"], "figures": [{"name": "precision"}]}}
    samples = Image.open(io.BytesIO(client.get(listed["samples"]).data))
    assert (samples.format, samples.size) == ("WEBP", Image.open(io.BytesIO(painter.samples_webp)).size)


def test_a_painter_without_words_says_so(plain_client: FlaskClient) -> None:
    (painter,) = plain_client.get("/v1/painters").json["painters"]  # type: ignore[index]
    assert (painter["takes_prompt"], painter["example_prompts"]) == (False, [])


def test_unchanged_samples_cost_a_304(client: FlaskClient) -> None:
    first = client.get("/v1/painters/tiny/samples.webp")
    assert (first.content_type, first.headers["Cache-Control"]) == ("image/webp", "no-cache")
    again = client.get("/v1/painters/tiny/samples.webp", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/v1/painters/tiny/samples.webp", headers={"If-None-Match": '"other"'}).data == first.data


def test_a_stranger_s_texts_are_cleaned_and_stay_text(tmp_path: Path) -> None:
    """Markup is text for an API, and the page escapes it."""
    path = tmp_path / "stranger.painter"
    card = {HIDDEN: [HIDDEN, {"figures": HIDDEN}], "hours": -1}
    name = "../../<b>etc</b>/passwd, 100%"
    path.write_bytes(zipped(painter_bytes(one_node("Identity"), name=name, card=card, example_prompts=[HIDDEN])))
    client = create_app(Painter.load(path, threads=1), Settings()).test_client()
    (listed,) = client.get("/v1/painters").json["painters"]  # type: ignore[index]
    answer = client.get(f"/v1/painters/{quote(listed['name'], safe='')}")
    painter = json.loads(answer.text, parse_constant=pytest.fail)
    assert painter["card"] == {CLEANED: [CLEANED, {"figures": CLEANED}], "hours": -1}
    assert painter["example_prompts"] == [CLEANED] and painter["name"] == name
    assert client.get(painter["samples"]).status_code == 200
    painted = client.post("/v1/images/generations", json={"prompt": "", "model": name, "n": 1})
    assert all(value.isprintable() for value in painted.headers.values())


@pytest.mark.parametrize("name", ["infinity", "no number", "brackets of 900 levels", "a name that colours"])
def test_a_painter_whose_json_readers_would_choke_on_is_not_served(name: str, tmp_path: Path) -> None:
    path = tmp_path / "stranger.painter"
    path.write_bytes(HOSTILE_BYTES[name]())
    with pytest.raises(PainterFileError):
        create_app(Painter.load(path), Settings())
