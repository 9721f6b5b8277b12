"""Other people's clients, unchanged, against a running server."""

import base64
import io
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator

import huggingface_hub
import numpy as np
import openai
import pytest
import webuiapi  # type: ignore[import-untyped]
from huggingface_hub.errors import BadRequestError, HfHubHTTPError
from PIL import Image
from tests.conftest import MakePainter
from tests.serving.running import Server, serving

from painting.images import decode_png, read_png_text
from painting.paint.painter import Painter
from painting.text.encoder import TextEncoder

pytestmark = pytest.mark.slow

KEY = "a key of ours"


@pytest.fixture(scope="module")
def painter(make_lasting_painter: MakePainter, text_encoder: TextEncoder) -> Painter:
    return Painter.load(make_lasting_painter(), text_encoder, threads=1)


@pytest.fixture(scope="module")
def server(make_lasting_painter: MakePainter) -> Iterator[Server]:
    """A server of two painters that requires a key."""
    plain = make_lasting_painter("plain", conditional=False)
    with serving(make_lasting_painter(), "--painter", str(plain), PAINTING_API_KEYS=f"other,{KEY}") as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server.address}/v1", api_key=KEY, max_retries=0) as client:
        yield client


@pytest.fixture
def webui(server: Server) -> Iterator[webuiapi.WebUIApi]:
    client = webuiapi.WebUIApi(port=server.port, username="anybody", password=KEY)
    yield client
    client.session.close()


def test_openais_client_paints(client: openai.OpenAI, painter: Painter) -> None:
    answer = client.images.generate(
        prompt="a red rose", n=2, size="auto", quality="high", user="me", style="vivid", extra_body={"seed": 7}
    )
    assert answer.data is not None and answer.created > 0
    pictures = [decode_png(base64.b64decode(image.b64_json or "")) for image in answer.data]
    assert np.array_equal(np.stack(pictures), painter.paint("a red rose", 2, seed=7).arrays)
    assert [image.model_extra and image.model_extra["seed"] for image in answer.data] == [7, 8]


def test_openais_client_gets_links_kinds_and_sizes(client: openai.OpenAI) -> None:
    answer = client.images.generate(
        prompt="a rose", model="dall-e-3", size="1024x512", response_format="url", output_format="webp",
        output_compression=50,
    )  # fmt: skip
    assert answer.data is not None and answer.data[0].url is not None
    with urllib.request.urlopen(answer.data[0].url) as found:
        assert found.headers["Content-Type"] == "image/webp"
        image = Image.open(io.BytesIO(found.read()))
    assert (image.format, image.size) == ("WEBP", (1024, 512))


def test_openais_client_lists_and_picks_painters(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["tiny", "plain"]
    assert client.models.retrieve("plain").owned_by == "painting"
    answer = client.images.generate(prompt=None, model="plain", extra_body={"truncation": 0.5})  # type: ignore[call-overload]
    text = read_png_text(base64.b64decode(answer.data[0].b64_json))
    assert (text["painter"], text["truncation"]) == ("plain", "0.5")


def test_openais_client_gets_embeddings(client: openai.OpenAI, text_encoder: TextEncoder) -> None:
    texts = ["a red rose", "a white daisy"]
    answer = client.embeddings.create(model="tiny", input=texts)
    assert np.allclose([each.embedding for each in answer.data], text_encoder.encode(texts), atol=1e-5)


def test_openais_client_understands_our_errors(client: openai.OpenAI, server: Server) -> None:
    with pytest.raises(openai.BadRequestError, match="n of pictures must be a whole number from 1 to 64"):
        client.images.generate(prompt="a rose", n=65)
    with pytest.raises(openai.BadRequestError, match="empty"):
        client.images.generate(prompt=" ")
    with pytest.raises(openai.NotFoundError, match="choose one of tiny, plain") as unknown:
        client.images.generate(prompt="a rose", model="no-such")
    assert unknown.value.code == "model_not_found"
    with (
        openai.OpenAI(base_url=f"{server.address}/v1", api_key="wrong") as stranger,
        pytest.raises(openai.AuthenticationError),
    ):
        stranger.models.list()


def test_automatic1111s_client_paints(webui: webuiapi.WebUIApi, painter: Painter) -> None:
    result = webui.txt2img(prompt="a red\nrose", seed=7, batch_size=2, width=16, height=16)
    assert np.array_equal(
        np.stack([np.asarray(image) for image in result.images]), painter.paint("a red rose", 2, 7).arrays
    )
    assert (result.info["seed"], result.info["all_seeds"]) == (7, [7, 8])
    for side in (16, 1024):
        result = webui.txt2img(prompt="a red rose", seed=7, width=side, height=side)
        info = webui.png_info(result.image).info
        assert info.startswith(f"a red rose\nSteps: 1, Sampler: GAN, Seed: 7, Size: {side}x{side}, Model: tiny")


def test_automatic1111s_client_lists_and_picks_painters(webui: webuiapi.WebUIApi) -> None:
    assert webui.util_get_sampler_names() == ["GAN"]
    names = webui.util_get_model_names()
    assert {name.split(" ")[0] for name in names} == {"tiny", "plain"}
    assert webui.util_get_current_model().startswith("tiny [")
    webui.util_wait_for_ready()
    webui.util_set_model("plain")
    assert webui.util_get_current_model().startswith("plain [")
    assert webui.txt2img(prompt="", seed=1).info["sd_model_name"] == "plain"
    webui.set_options({"sd_model_checkpoint": "tiny"})
    assert webui.get_loras() == [] and [each["name"] for each in webui.get_upscalers()] == ["None"]
    assert webui.interrupt() == {} and webui.skip() is None and webui.refresh_checkpoints() is None
    assert set(webui.get_memory()) == {"ram", "cuda"}


def test_hugging_faces_client_paints(server: Server, painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    # Where the hub must not be asked, the client would ask nobody: not our server either.
    monkeypatch.setattr("huggingface_hub.constants.is_offline_mode", lambda: False)
    client = huggingface_hub.InferenceClient(model=f"{server.address}/models/tiny", token=KEY)
    image = client.text_to_image("a red rose", seed=7, negative_prompt="fog", num_inference_steps=20)
    assert np.array_equal(np.asarray(image.convert("RGB")), painter.paint("a red rose", 1, 7).arrays[0])
    assert image.info["seed"] == "7"
    assert client.text_to_image("a rose", width=48, height=32).size == (48, 32)
    typical = client.text_to_image("a rose", seed=7, extra_body={"truncation": 0.5})
    assert typical.info["truncation"] == "0.5"
    plain = huggingface_hub.InferenceClient(base_url=f"{server.address}/models/plain", api_key=KEY)
    with pytest.raises(BadRequestError, match="takes no prompt"):
        plain.text_to_image("a rose")
    for model, key, status in (("none", KEY, 404), ("tiny", "wrong", 401)):
        refused = huggingface_hub.InferenceClient(model=f"{server.address}/models/{model}", token=key)
        with pytest.raises(HfHubHTTPError) as problem:
            refused.text_to_image("a rose")
        assert problem.value.response.status_code == status
    huggingface_hub.close_session()


def test_a_quoted_slash_in_an_address_is_one_of_a_name(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="there is no painter 'a/b'"):
        client.models.retrieve("a/b")


def test_a_body_that_ends_early_is_an_error(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        head = "POST /v1/morphs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
        connection.sendall(head.encode())
        connection.shutdown(socket.SHUT_WR)
        assert b" 400 " in connection.recv(40)


def test_without_a_key_only_what_is_open_answers(server: Server) -> None:
    for path in ("/livez", "/readyz", "/metrics", "/openapi.json", "/docs", "/assets/none.js"):
        try:
            assert server.get(path)
        except urllib.error.HTTPError as error:
            error.close()
            assert (path, error.code) == ("/assets/none.js", 404)
    for path in (
        "/?input=a+rose",
        "/v1/painters",
        "/v1/models",
        "/sdapi/v1/samplers",
        "/v1/painters/tiny/samples.webp",
    ):
        with pytest.raises(urllib.error.HTTPError) as refused:
            server.get(path)
        refused.value.close()
        assert (refused.value.code, refused.value.headers["WWW-Authenticate"]) == (401, "Bearer")
