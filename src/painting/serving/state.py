"""What the routes of one app share."""

from dataclasses import dataclass

from flask import Flask, current_app, request
from itsdangerous import URLSafeSerializer

from painting.serving.auth import CLIENT, Caller, Callers
from painting.serving.client import Client
from painting.serving.engine.service import PaintService
from painting.serving.settings import Settings
from painting.serving.static_files import Page

EXTENSION = "painting"


@dataclass(frozen=True)
class ServerState:
    """The settings, who paints, who asks, what signs links to pictures, and the page's files."""

    settings: Settings
    service: PaintService
    callers: Callers
    signer: URLSafeSerializer
    page: Page


def state_of(app: Flask) -> ServerState:
    """Give the state of an app."""
    shared: ServerState = app.extensions[EXTENSION]
    return shared


def state() -> ServerState:
    """Give the state of the app that answers the current request."""
    return state_of(current_app)


def caller() -> Caller:
    """Who asks; raises KeyRefused where keys are set and none of them was sent."""
    return state().callers.caller(request)


def caller_without_key() -> Caller:
    """Who asks for what its address alone allows."""
    return Caller(request.environ.get(CLIENT) or Client(), state().callers.address(request))
