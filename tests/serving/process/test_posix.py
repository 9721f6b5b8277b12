"""Each POSIX call has what stands in for it on Windows."""

import importlib
import os
import signal
import socket

import pytest

from painting.serving.process import posix


def test_without_the_signals_sigterm_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (posix.HANGUP_SIGNAL, posix.KILL_SIGNAL) == (signal.SIGHUP, signal.SIGKILL)
    with monkeypatch.context() as patch:
        patch.delattr(signal, "SIGHUP")
        patch.delattr(signal, "SIGKILL")
        importlib.reload(posix)
        assert {posix.HANGUP_SIGNAL, posix.KILL_SIGNAL} == {signal.SIGTERM}
    importlib.reload(posix)


def test_without_process_groups_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "setpgrp")
    posix.leave_process_group()


def test_a_port_that_is_listened_at_cannot_be_bound_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as first, socket.socket() as second:
        posix.reuse_address(second)
        with pytest.raises(OSError, match="in use"):
            second.bind(first.getsockname())


def test_windows_own_option_is_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_KEEPALIVE, raising=False)
    with socket.socket() as probe:
        posix.reuse_address(probe)
        assert probe.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert not probe.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)
