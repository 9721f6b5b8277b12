"""A worker process's own parts: its address in words, errors, and what it does about a painter that hangs."""

import multiprocessing
import os
import signal
import socket

import pytest

from painting.serving.engine.client_choices import ModelChoices
from painting.serving.process import worker
from painting.serving.process.worker import Address, SharedState, print_error


@pytest.mark.parametrize(
    ("host", "text"),
    [("127.0.0.1", "http://127.0.0.1:80"), ("::1", "http://[::1]:80"), ("localhost", "http://localhost:80")],
)
def test_an_address_reads_as_a_url(host: str, text: str) -> None:
    assert str(Address(host, host, 80)) == text


def test_an_error_is_one_line_of_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    print_error("no painter")
    assert capsys.readouterr() == ("", "error: no painter\n")


def test_one_worker_of_all_announces_the_address(capsys: pytest.CaptureFixture[str]) -> None:
    flag = multiprocessing.RawValue("b", False)
    shared = SharedState(flag, multiprocessing.Semaphore(1), ModelChoices())
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = Address("127.0.0.1", "127.0.0.1", listening.getsockname()[1])
        for _ in range(3):
            worker._announce('"tiny"', address, shared)
    assert capsys.readouterr().out == f'Painting with "tiny" at {address}\n'


def test_a_process_whose_painter_hangs_is_killed_after_two_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    health = iter([True, True, False])
    sleeps: list[float] = []
    kills: list[tuple[int, int]] = []
    monkeypatch.setattr("time.sleep", sleeps.append)
    monkeypatch.setattr(os, "kill", lambda process_id, number: kills.append((process_id, number)))
    worker._kill_when_hung(lambda: next(health))
    assert sleeps == [worker.HEALTH_POLL_SECONDS] * 3
    assert kills == [(os.getpid(), signal.SIGKILL)]
