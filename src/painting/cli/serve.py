"""`painting serve`: the page and the API."""

from typing import Annotated

import typer


def serve(
    painter: Annotated[
        str | None, typer.Option(help="Name or file of the painter; the default one if left out.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen at; 0.0.0.0 for every one.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at; 0 for any free one.")] = 8001,
) -> None:
    """Serve a painter: a web page, and an API at the same address."""
    from painting import catalog
    from painting.serving.process import free_address, run_server
    from painting.serving.settings import Settings

    settings = Settings.from_environment()
    file = catalog.find(painter or settings.painter or catalog.default_name())
    code = run_server(file, free_address(host, port), settings)
    if code:
        raise typer.Exit(code)
