"""JSON answers are gzipped for clients that take it, and the same otherwise."""

import gzip
import json

import pytest
from flask import Flask, Response
from werkzeug.test import TestResponse

from painting.serving.compression import MIN_COMPRESSED_BYTES, compress_answers

LONG = json.dumps({"flowers": ["rose"] * MIN_COMPRESSED_BYTES})
GZIP = {"Accept-Encoding": "br;q=1, gzip;q=0.8"}


def get(response: Response, accepted: dict[str, str] | None = None) -> TestResponse:
    app = Flask("answers")
    app.add_url_rule("/", view_func=lambda: response)
    compress_answers(app)
    return app.test_client().get("/", headers=accepted)


def answer(content: str, media_type: str = "application/json") -> Response:
    return Response(content, content_type=media_type)


@pytest.mark.parametrize("media_type", ["application/json", "application/x-ndjson"])
def test_json_is_gzipped_for_clients_that_take_it(media_type: str) -> None:
    got = get(answer(LONG, media_type), GZIP)
    assert got.headers["Content-Encoding"] == "gzip" and got.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(got.data).decode() == LONG
    assert got.content_length == len(got.data) < len(LONG) / 10


@pytest.mark.parametrize("accepted", [None, {"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip;q=0"}])
def test_other_clients_get_it_plain(accepted: dict[str, str] | None) -> None:
    got = get(answer(LONG), accepted)
    assert got.text == LONG and "Content-Encoding" not in got.headers
    assert got.headers["Vary"] == "Accept-Encoding"  # for caches between


@pytest.mark.parametrize(
    "response",
    [answer('{"flowers": []}'), answer(LONG, "image/png"), Response(iter([LONG]), content_type="application/json")],
    ids=["short", "picture", "stream"],
)
def test_what_would_gain_nothing_or_is_streamed_stays_as_it_is(response: Response) -> None:
    assert "Content-Encoding" not in get(response, GZIP).headers


def test_an_etag_is_of_the_content_in_whichever_encoding() -> None:
    tagged = answer(LONG)
    tagged.set_etag("rose")
    assert get(tagged, GZIP).headers["ETag"] == 'W/"rose"'
