"""The description of the served painters."""

from flask.testing import FlaskClient


def test_a_painter_is_described_with_example_prompts(client: FlaskClient) -> None:
    assert client.get("/v1/painters").json == {
        "painters": [
            {
                "name": "tiny",
                "picture_size": 16,
                "takes_prompt": True,
                "takes_strength": False,
                "example_prompts": ["a red rose", "a yellow tulip"],
                "card": {"data": "random weights, for tests"},
                "samples": "/v1/painters/tiny/samples.png",
            }
        ]
    }


def test_a_painter_without_words_says_so(plain_client: FlaskClient) -> None:
    (painter,) = plain_client.get("/v1/painters").json["painters"]  # type: ignore[index]
    assert (painter["takes_prompt"], painter["example_prompts"]) == (False, [])


def test_unchanged_samples_cost_a_304(client: FlaskClient) -> None:
    first = client.get("/v1/painters/tiny/samples.png")
    assert (first.content_type, first.headers["Cache-Control"]) == ("image/png", "no-cache")
    again = client.get("/v1/painters/tiny/samples.png", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/v1/painters/tiny/samples.png", headers={"If-None-Match": '"other"'}).data == first.data
