"""Metrics as Prometheus reads them, of one process and of several."""

import os
import subprocess
import sys
from pathlib import Path

from painting.serving.metrics import Metrics
from painting.serving.settings import MULTIPROCESS_DIR_VARIABLE


def lines(exposition: bytes) -> list[str]:
    return exposition.decode().splitlines()


def test_each_event_is_counted_under_its_labels() -> None:
    metrics = Metrics()
    metrics.observe_request("/", "GET", 200, 0.02)
    metrics.observe_request("/", "GET", 200, 3.0)
    metrics.observe_batch("flowers", 5, 0.5)
    metrics.set_queued("flowers", 7)
    metrics.count_rejected(503)
    metrics.count_cache("pictures", 2, 3)
    metrics.count_disconnected()
    found = lines(metrics.exposition())
    for line in (
        'painting_requests_total{method="GET",route="/",status="200"} 2.0',
        'painting_request_seconds_bucket{le="0.025",route="/"} 1.0',
        'painting_request_seconds_sum{route="/"} 3.02',
        'painting_batch_pictures_sum{painter="flowers"} 5.0',
        'painting_painting_seconds_total{painter="flowers"} 0.5',
        'painting_queued_pictures{painter="flowers"} 7.0',
        'painting_rejected_total{status="503"} 1.0',
        'painting_cache_total{cache="pictures",outcome="hit"} 2.0',
        'painting_cache_total{cache="pictures",outcome="miss"} 3.0',
        "painting_disconnected_total 1.0",
    ):
        assert line in found, line


def test_two_apps_of_a_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.count_disconnected()
    assert "painting_disconnected_total 0.0" in lines(other.exposition())


WORKER_SCRIPT = """
from painting.serving.metrics import Metrics
metrics = Metrics()
metrics.count_rejected(429)
metrics.set_queued("flowers", 2)
print(metrics.exposition().decode())
"""


def test_processes_that_share_a_folder_count_together(tmp_path: Path) -> None:
    environment = os.environ | {MULTIPROCESS_DIR_VARIABLE: str(tmp_path)}
    output = ""
    for _ in range(2):
        command = [sys.executable, "-c", WORKER_SCRIPT]
        output = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    assert 'painting_rejected_total{status="429"} 2.0' in output.splitlines()
