"""Files are answered uncached, with headers that HTTP can carry."""

from apiflask import APIFlask

from painting.serving.api.responses import file_response, file_responses, header_descriptions


def test_a_files_headers_are_ascii_and_those_without_a_value_are_left_out() -> None:
    with APIFlask(__name__).test_request_context():
        response = file_response(b"RIFF", "image/webp", {"X-Model": "blümchen", "X-Seed": 7, "X-Subseed": None})
    assert (response.data, response.content_type) == (b"RIFF", "image/webp")
    assert (response.headers["X-Model"], response.headers["X-Seed"]) == ("bl?mchen", "7")
    assert "X-Subseed" not in response.headers and response.headers["Cache-Control"] == "no-store"


def test_a_description_has_each_media_type_header_and_error() -> None:
    headers = header_descriptions({"X-Seed": ("integer", "The seed.")})
    described = file_responses("A picture", "image/png", "image/webp", errors={404: "None"}, headers=headers)
    assert set(described) == {200, 404} and set(described[200]["content"]) == {"image/png", "image/webp"}
    assert described[200]["headers"]["X-Seed"] == {"schema": {"type": "integer"}, "description": "The seed."}
