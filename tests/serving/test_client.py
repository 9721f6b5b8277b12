"""A connection runs its callbacks once it closes, whichever came first."""

from painting.serving.client import ClientConnection


def test_a_callback_runs_when_the_connection_closes() -> None:
    connection = ClientConnection()
    calls: list[str] = []
    connection.on_disconnect(lambda: calls.append("first"))
    connection.on_disconnect(lambda: calls.append("second"))
    assert (connection.disconnected, calls) == (False, [])
    connection.disconnect()
    assert (connection.disconnected, calls) == (True, ["first", "second"])


def test_a_callback_of_a_closed_connection_runs_at_once() -> None:
    connection = ClientConnection()
    connection.disconnect()
    calls: list[bool] = []
    connection.on_disconnect(lambda: calls.append(connection.disconnected))
    assert calls == [True]


def test_a_callback_may_register_another() -> None:
    connection = ClientConnection()
    calls: list[str] = []
    connection.on_disconnect(lambda: connection.on_disconnect(lambda: calls.append("nested")))
    connection.disconnect()
    assert calls == ["nested"]
