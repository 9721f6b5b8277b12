"""Texts of a request that must not appear in logs."""

import pytest
from flask import Flask, g

from painting.serving.redaction import request_texts

FLASK_APP = Flask("redaction")


def test_texts_of_the_query_are_collected_as_sent_folded_and_escaped() -> None:
    with FLASK_APP.test_request_context("/", query_string={"input": "two  words\n", "count": "5"}):
        assert request_texts() == {"two  words\n", "two words", "two  words\\n"}


def test_texts_are_collected_from_nested_json() -> None:
    body = {"prompt": "a rose", "list": [{"deep": "a tulip"}, 7, None], "n": 3}
    with FLASK_APP.test_request_context("/", method="POST", json=body):
        assert request_texts() == {"a rose", "a tulip"}


def test_prompts_that_a_route_recorded_are_collected() -> None:
    with FLASK_APP.test_request_context("/"):
        g.prompts = {"prompt": "from a link", "to_prompt": None}
        assert request_texts() == {"from a link"}


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe"])
def test_a_body_that_is_no_json_has_no_texts(body: bytes) -> None:
    with FLASK_APP.test_request_context("/", method="POST", data=body, content_type="application/json"):
        assert request_texts() == set()


def test_texts_too_short_to_be_distinctive_are_left_out() -> None:
    with FLASK_APP.test_request_context("/", query_string={"input": "abc", "model": "abcd"}):
        assert request_texts() == {"abcd"}
