"""The web server: an app that paints over HTTP, and the process that runs it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apiflask import APIFlask

    from painting.serving.app import Painters
    from painting.serving.settings import Settings


def create_app(painters: "Painters" = None, settings: "Settings | None" = None) -> "APIFlask":
    """Build the app, as `painting.serving.app.create_app` does; here for `flask --app painting.serving run`."""
    # Imported late: the supervisor process imports this package too, and needs no app.
    from painting.serving import app

    return app.create_app(painters, settings)
