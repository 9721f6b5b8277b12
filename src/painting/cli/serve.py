"""`painting serve`: the page and the API."""

import inspect
from dataclasses import Field, fields
from typing import Annotated, Any

import typer

from painting.serving.settings import Settings, variable


def serve(**flags: Any) -> None:
    """Serve one or several painters: a web page, and APIs at the same address."""
    from painting.painters import catalog
    from painting.serving.process.supervisor import run_server

    several = flags.pop("painter")
    settings = Settings.from_environment(flags={**flags, "painter": ",".join(several) if several else None})
    found = [str(catalog.find(name)) for name in settings.painters or (catalog.default_name(),)]
    code = run_server(settings.with_painters(found))
    if code:
        raise typer.Exit(code)


def _parameter(each: "Field[Any]") -> inspect.Parameter:
    """The flag of a setting: None, where it is not given, leaves the choice to the environment."""
    default = "" if each.default in (None, "") else f" (default {_shown(each.default)})"
    kind: Any = bool if isinstance(each.default, bool) else str
    meaning = each.metadata["help"]
    # Settings say by themselves what a number may be, for a flag as for a variable.
    shown = "<int>" if isinstance(each.default, int) and kind is str else None
    if each.name == "painter":
        kind, meaning = list[str], "name or file of a painter; may be given again, the first is the default one"
    option = typer.Option(
        help=f"{meaning[0].upper()}{meaning[1:]}{default}. [{variable(each)}]", show_default=False, metavar=shown
    )
    return inspect.Parameter(
        each.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind | None, option]
    )


def _shown(default: object) -> str:
    return {True: "yes", False: "no"}[default] if isinstance(default, bool) else str(default)


# One flag for each setting: the settings are told once.
_parameters = [_parameter(each) for each in fields(Settings)]
serve.__signature__ = inspect.Signature(_parameters)  # type: ignore[attr-defined]
serve.__annotations__ = {parameter.name: parameter.annotation for parameter in _parameters}
