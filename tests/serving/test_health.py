"""`/livez` and `/readyz`, for whoever starts and watches the server."""

from apiflask import APIFlask
from flask.testing import FlaskClient

from painting.serving.state import state_of


def test_a_started_server_lives_and_is_ready(client: FlaskClient) -> None:
    assert client.get("/livez").json == {"status": "alive"}
    assert client.get("/readyz").json == {"status": "ready", "painter": "tiny"}


def test_a_server_whose_painter_failed_lives_but_is_not_ready(app: APIFlask) -> None:
    state_of(app).paint_queue.healthy = False
    client = app.test_client()
    assert client.get("/livez").status_code == 200
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json == {"error": {"message": "the painter cannot paint now", "type": "server_error"}}
