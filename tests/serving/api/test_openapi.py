"""The server keeps what its own document promises, and the document is a valid one."""

import re
from collections import Counter
from typing import Any

import pytest
import schemathesis
from apiflask import APIFlask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

pytestmark = pytest.mark.slow

EXAMPLES = 12
QUICK = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck), database=None,
)  # fmt: skip


@pytest.fixture(scope="module")
def document(app: APIFlask) -> "schemathesis.BaseSchema":
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_request_breaks_a_promise(document: "schemathesis.BaseSchema", mode: GenerationMode) -> None:
    tried: Counter[str] = Counter()
    for found in document.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        try:
            cases = operation.as_strategy(generation_mode=mode)
            _check_all(cases, tried)
        except Unsatisfiable:  # nothing wrong can be sent to a route that asks for nothing
            assert mode is GenerationMode.NEGATIVE
    assert tried["/v1/images/generations"] >= EXAMPLES and sum(tried.values()) >= 5 * EXAMPLES


def _check_all(cases: Any, tried: Counter[str]) -> None:
    @QUICK
    @given(case=cases)
    def check(case: Any) -> None:
        tried[case.operation.path] += 1
        # Which prompts and names are valid depends on the painters: no document can tell.
        # Uncompressed, as its WSGI client unpacks nothing.
        plain = {"Accept-Encoding": "identity"}
        case.call_and_validate(headers=plain, excluded_checks=[positive_data_acceptance])

    check()


def test_the_document_is_valid_and_has_every_route(app: APIFlask, document: "schemathesis.BaseSchema") -> None:
    document.validate()
    shown = {path for path, _ in document.items()}
    hidden = {"/assets/<name>", "/openapi.json", "/docs", "/docs/docs.css", "/static/<path:filename>"}
    rules = {rule.rule for rule in app.url_map.iter_rules()} - hidden
    assert shown == {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule) for rule in rules}


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(prompt=st.text(max_size=600), how=st.sampled_from(["thesis", "openai", "a1111"]))
def test_any_prompt_is_painted_or_refused_in_one_sentence(app: APIFlask, prompt: str, how: str) -> None:
    client = app.test_client()
    if how == "thesis":
        answer = client.get("/", query_string={"input": prompt.encode("utf-8", "surrogatepass"), "count": 1})
    else:
        path = {"openai": "/v1/images/generations", "a1111": "/sdapi/v1/txt2img"}[how]
        answer = client.post(path, json={"prompt": prompt})
    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        assert answer.json is not None
        assert "\n" not in answer.json["error"]["message"] and "Traceback" not in answer.text
