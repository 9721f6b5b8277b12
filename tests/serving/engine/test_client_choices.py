"""A client's choice is shared by all processes of a server, and read by that client alone."""

import json
import multiprocessing
import urllib.request

import pytest
from tests.conftest import MakePainter
from tests.serving.running import TIMEOUT_SECONDS, serving

from painting.serving.engine import client_choices
from painting.serving.engine.client_choices import ModelChoices


def test_each_client_s_choice_is_its_own_and_the_last_one_counts() -> None:
    chosen = ModelChoices()
    for model, identity in enumerate(["key 1", "key 2", "10.0.0.7", "key 1"]):
        chosen.set(identity, model)
    assert [chosen.get(identity) for identity in ("key 1", "key 2", "10.0.0.7", "key 3")] == [3, 1, 2, None]


def test_choices_of_another_process_are_read() -> None:
    chosen = ModelChoices()
    process = multiprocessing.Process(target=chosen.set, args=("key", 254))
    process.start()
    process.join(TIMEOUT_SECONDS)
    assert chosen.get("key") == 254


def test_clients_that_share_a_slot_forget_but_never_take_each_other_s_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_choices, "SLOT_COUNT", 1)
    chosen = ModelChoices()
    chosen.set("one", 1)
    chosen.set("other", 2)
    assert (chosen.get("one"), chosen.get("other")) == (None, 2)
    chosen.set("one", 255)  # more painters than it can tell apart: nothing is remembered
    assert (chosen.get("one"), chosen.get("other")) == (None, 2)


def test_a_choice_made_in_one_worker_holds_in_the_other(make_painter: MakePainter) -> None:
    with serving(make_painter("first"), "--painter", str(make_painter("second")), "--workers", "2") as server:
        address = f"http://127.0.0.1:{server.port}/sdapi/v1/options"
        body = json.dumps({"sd_model_checkpoint": "second"}).encode()
        asked = urllib.request.Request(address, body, {"Content-Type": "application/json"})
        urllib.request.urlopen(asked, timeout=TIMEOUT_SECONDS).close()
        answers = [json.load(urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS)) for _ in range(12)]
        assert {answer["sd_model_checkpoint"].split()[0] for answer in answers} == {"second"}
        assert len(server.workers()) == 2
