"""`/livez` and `/readyz`, for whoever starts and watches the server."""

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from painting.serving.engine.batcher import PaintingThread
from painting.serving.state import state_of


def test_a_started_server_lives_and_is_ready(client: FlaskClient) -> None:
    assert client.get("/livez").json == {"status": "alive"}
    assert client.get("/readyz").json == {"status": "ready", "painter": "tiny", "painters": ["tiny"]}


def test_a_server_whose_painter_failed_lives_but_is_not_ready(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PaintingThread, "healthy", False)
    client = app.test_client()
    assert client.get("/livez").status_code == 200
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json is not None and "not able to paint" in response.json["error"]["message"]
    assert response.headers["Retry-After"] == "1"


def test_a_server_that_is_about_to_leave_is_not_ready(app: APIFlask) -> None:
    state_of(app).service.draining = lambda: True
    assert app.test_client().get("/readyz").status_code == 503
    assert app.test_client().get("/?input=a+rose&count=1").status_code == 200, "what still comes is painted"


def test_metrics_count_requests_and_hold_no_prompt(client: FlaskClient) -> None:
    client.get("/?input=my+private+words&count=3")
    client.get("/my/private/words")
    found = client.get("/metrics")
    assert found.content_type.startswith("text/plain")
    assert 'painting_requests_total{method="GET",route="/",status="200"} 1.0' in found.text
    assert 'painting_requests_total{method="GET",route="none",status="404"} 1.0' in found.text
    assert 'painting_batch_pictures_sum{painter="tiny"} 3.0' in found.text
    assert 'painting_waiting_pictures{painter="tiny"} 0.0' in found.text
    assert "private" not in found.text
