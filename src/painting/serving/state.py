"""The state that all routes of one app share, and the client of the current request."""

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, current_app, g, request

from painting.serving.auth import Authenticator, Client
from painting.serving.engine.client_choices import ModelChoices
from painting.serving.engine.service import PaintService
from painting.serving.settings import Settings
from painting.serving.static_files import StaticFiles

EXTENSION_NAME = "painting"


@dataclass(frozen=True)
class ProcessHooks:
    """Connections between an app and the process that runs it; the defaults suit an app that runs alone.

    `is_draining`: whether the server is shutting down. `on_crash`: called when a painter's thread dies.
    `choices`: which painter each client selected, shared by all processes of a server.
    """

    is_draining: Callable[[], bool] = lambda: False
    on_crash: Callable[[], None] = lambda: None
    choices: ModelChoices = field(default_factory=ModelChoices)


@dataclass(frozen=True)
class ServerState:
    """The collaborators of an app's routes."""

    settings: Settings
    service: PaintService
    authenticator: Authenticator
    static_files: StaticFiles
    is_draining: Callable[[], bool]


def state_of(app: Flask) -> ServerState:
    """Return the state of an app."""
    shared: ServerState = app.extensions[EXTENSION_NAME]
    return shared


def state() -> ServerState:
    """Return the state of the app that handles the current request."""
    return state_of(current_app)


def identify_client() -> None:
    """Authenticate the current request's client; raises Unauthorized."""
    g.client = state().authenticator.authenticate(request)


def current_client() -> Client:
    """Return the client of the current request."""
    client: Client = g.client
    return client
