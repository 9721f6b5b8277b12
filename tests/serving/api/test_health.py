"""Health checks and metrics."""

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from painting.paint.painter import Painter
from painting.serving.app import create_app
from painting.serving.engine.batcher import BatchingWorker
from painting.serving.settings import Settings
from painting.serving.state import ProcessHooks


def test_a_started_server_lives_and_is_ready(client: FlaskClient) -> None:
    assert client.get("/livez").json == {"status": "alive"}
    assert client.get("/readyz").json == {"status": "ready", "painter": "tiny", "painters": ["tiny"]}


def test_a_server_whose_painter_failed_lives_but_is_not_ready(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BatchingWorker, "healthy", False)
    client = app.test_client()
    assert client.get("/livez").status_code == 200
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json is not None and "not able to paint" in response.json["error"]["message"]
    assert response.headers["Retry-After"] == "1"


def test_a_server_that_shuts_down_is_not_ready_but_still_paints(painter: Painter) -> None:
    client = create_app(painter, Settings(), ProcessHooks(is_draining=lambda: True)).test_client()
    assert client.get("/readyz").status_code == 503
    assert client.get("/?input=a+rose&count=1").status_code == 200


def test_metrics_count_requests_and_hold_no_prompt(client: FlaskClient) -> None:
    client.get("/?input=my+private+words&count=3")
    client.get("/my/private/words")
    found = client.get("/metrics")
    assert found.content_type.startswith("text/plain")
    assert 'painting_requests_total{method="GET",route="/",status="200"} 1.0' in found.text
    assert 'painting_requests_total{method="GET",route="none",status="404"} 1.0' in found.text
    assert 'painting_batch_pictures_sum{painter="tiny"} 3.0' in found.text
    assert 'painting_queued_pictures{painter="tiny"} 0.0' in found.text
    assert "private" not in found.text
