"""`painting serve` as processes: start, hostile clients, crashes, signals and refused settings."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest
from tests.serving.running import TIMEOUT_SECONDS, Server, serving, wait_until_accepted

from painting.serving.process.supervisor import MAX_CRASHES, delete_gauges, describe_exit
from painting.serving.settings import MULTIPROCESS_DIR_VARIABLE

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tiny_painter: Path) -> Iterator[Server]:
    with serving(tiny_painter) as server:
        yield server


def test_it_prints_its_painters_and_address_and_paints_at_once(server: Server) -> None:
    assert server.line == f'Painting with "tiny" at http://127.0.0.1:{server.port}\n'
    assert b'"images"' in server.get()


def test_slow_clients_block_no_other(server: Server) -> None:
    with ExitStack() as open_sockets:
        for _ in range(60):
            slow = open_sockets.enter_context(
                socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT_SECONDS)
            )
            slow.sendall(b"GET /?input=rose HTTP/1.1\r\nHost: x\r\nX-")
        assert b'"images"' in server.get()


def test_malformed_requests_and_disconnections_block_no_other(server: Server) -> None:
    for nonsense in (
        b"\x16\x03\x01\x02\x00",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /?input=rose HTTP/1.1\r\nHost: x\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT_SECONDS) as client:
            client.sendall(nonsense)
    assert b'"images"' in server.get()


def test_headers_without_end_are_refused(server: Server) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}/livez", headers={"X-Long": "x" * 1_000_000})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
    refused.value.close()
    assert refused.value.code == 431


def test_a_worker_that_is_killed_is_replaced(server: Server) -> None:
    (worker,) = server.workers()
    worker.kill()
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while True:
        try:
            assert b'"images"' in server.get()
            break
        except OSError:  # for a moment nobody listens
            assert time.monotonic() < deadline, "no other worker came"
            time.sleep(0.05)
    assert [each.pid for each in server.workers()] != [worker.pid]
    server.process.terminate()
    assert server.end() == (0, "error: a worker process was ended by SIGKILL\n")


def has_ended(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_a_second_signal_kills_a_worker_that_does_not_respond(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT_SECONDS) as client:
        client.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n")  # a request without end
        wait_until_accepted(server, 1)
        (worker,) = server.workers()
        worker.suspend()  # one that does not hear the first signal
        server.process.terminate()
        time.sleep(0.2)
        server.process.terminate()
        assert server.end()[0] == 1
    deadline = time.monotonic() + TIMEOUT_SECONDS  # its end is seen a moment later where processors are busy
    while not has_ended(worker):
        assert time.monotonic() < deadline, "the worker outlived its supervisor"
        time.sleep(0.02)


def test_the_thesiss_own_way_to_run_it_works(tiny_painter: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "flask", "--app", "painting.serving", "run", "--port", str(port)]
    with subprocess.Popen(
        command,
        env=os.environ | {"PAINTING_PAINTER": str(tiny_painter)},
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            deadline = time.monotonic() + TIMEOUT_SECONDS
            while True:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/?input=rose") as answer:
                        assert len(json.loads(answer.read())["images"]) == 5
                        break
                except urllib.error.URLError:
                    assert time.monotonic() < deadline
                    time.sleep(0.1)
        finally:
            process.kill()


def test_the_supervisor_imports_nothing_that_its_workers_need_alone() -> None:
    """prometheus_client reads its folder's variable on import; forks of numpy's threads may hang."""
    heavy = "{'prometheus_client', 'numpy', 'onnxruntime', 'flask'}"
    code = f"import sys, painting.serving.process.supervisor; print({heavy} & set(sys.modules) or 'none')"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "none\n"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (0, "ended with code 0"),
        (70, "ended with code 70"),
        (-9, "was ended by SIGKILL"),
    ],
)
def test_an_exit_code_is_described_in_words(code: int, text: str) -> None:
    assert describe_exit(code) == text


def test_an_ended_process_leaves_its_counters_but_not_its_gauges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("gauge_livesum_7.db", "gauge_livesum_77.db", "counter_7.db"):
        (tmp_path / name).touch()
    monkeypatch.setenv(MULTIPROCESS_DIR_VARIABLE, str(tmp_path))
    delete_gauges(7)
    assert {path.name for path in tmp_path.iterdir()} == {"gauge_livesum_77.db", "counter_7.db"}


def test_five_crashes_in_a_row_end_the_server(server: Server) -> None:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    killed: set[int] = set()
    while server.process.poll() is None:
        assert time.monotonic() < deadline, f"it still replaces workers after {len(killed)} crashes"
        for worker in server.workers():
            if worker.pid not in killed:
                killed.add(worker.pid)
                worker.kill()
        time.sleep(0.02)
    code, said = server.end()
    assert code == 1
    assert said == MAX_CRASHES * "error: a worker process was ended by SIGKILL\n"
    assert len(killed) == MAX_CRASHES


def refused(painter: Path | str, port: int | str, *arguments: str, code: int = 2) -> str:
    """Run a server that must not start, and return its one line of error."""
    command = [sys.executable, "-m", "painting", "serve", "--painter", str(painter), "--port", str(port), *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert ended.stderr.count("\n") == 1 and "Traceback" not in ended.stderr
    return ended.stderr


def test_a_port_in_use_is_reported_in_one_line(server: Server, tiny_painter: Path) -> None:
    said = refused(tiny_painter, server.port)
    assert str(server.port) in said and "in use" in said and "--port" in said
    assert b'"images"' in server.get()


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_out_of_range_is_reported_in_one_line(tiny_painter: Path, port: int) -> None:
    said = refused(tiny_painter, port)
    assert "65535" in said or "at least 0" in said


@pytest.mark.parametrize("host", ["192.0.2.1", "no host", "a" * 70 + ".example"])
def test_a_host_that_is_not_ours_is_reported_in_one_line(tiny_painter: Path, host: str) -> None:
    assert f"cannot listen at {host}" in refused(tiny_painter, 0, "--host", host)


def test_a_painter_that_is_none_is_reported_in_one_line(tmp_path: Path) -> None:
    assert "no-such" in refused("no-such", 0)
    broken = tmp_path / "broken.painter"
    broken.write_bytes(b"PK\x03\x04 not a zip")
    assert "broken.painter" in refused(broken, 0)
