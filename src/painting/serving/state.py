"""What the routes of one app share."""

from dataclasses import dataclass

from flask import Flask, current_app

from painting.serving.page_files import Page
from painting.serving.paint_queue import PaintQueue
from painting.serving.settings import Settings

EXTENSION = "painting"


@dataclass(frozen=True)
class ServerState:
    """The settings, the painter behind its queue, and the page's files."""

    settings: Settings
    paint_queue: PaintQueue
    page: Page


def state_of(app: Flask) -> ServerState:
    """Give the state of an app."""
    shared: ServerState = app.extensions[EXTENSION]
    return shared


def state() -> ServerState:
    """Give the state of the app that answers the current request."""
    return state_of(current_app)
