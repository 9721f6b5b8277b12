"""`painting serve`: the page and the API."""

import inspect
import os
import warnings
from dataclasses import Field, fields
from typing import Annotated, Any

import typer

from painting.distribution import install_command
from painting.errors import InvalidRequest
from painting.serving.settings import Settings, keep_commas, unknown_variables, variable


def serve(**flags: Any) -> None:
    """Serve one or several painters: a web page, and APIs at the same address."""
    from painting.painters import catalog

    try:
        from painting.serving.process.supervisor import run_server
    except ModuleNotFoundError as problem:
        if (problem.name or "").partition(".")[0] != "granian":
            raise
        raise InvalidRequest(
            "the web server, granian, is not installed (it has no build for Windows on ARM): serve from another "
            f"system, or with {install_command()}"
        ) from problem

    for sentence in unknown_variables(os.environ):
        warnings.warn(sentence, stacklevel=1)
    settings = Settings.from_environment(flags={name: _joined(value) for name, value in flags.items()})
    found = [str(catalog.find(name)) for name in settings.painters or (catalog.default_name(),)]
    code = run_server(settings.with_painters(found))
    if code:
        raise typer.Exit(code)


def _joined(value: Any) -> Any:
    """The value of a flag, those of a repeated one with commas between; None where it is not given."""
    if not isinstance(value, list):
        return value
    return ",".join(map(keep_commas, value)) if value else None


def _parameter(each: "Field[Any]") -> inspect.Parameter:
    """Build the flag of a setting; where it is not given (None), the environment decides."""
    default = "" if each.default in (None, "") else f" (default {_format_default(each.default)})"
    kind: Any = bool if isinstance(each.default, bool) else str
    meaning = each.metadata["help"]
    # Settings check numbers by themselves, for a flag as for a variable.
    metavar = "<int>" if isinstance(each.default, int) and kind is str else None
    if each.metadata["repeatable"]:
        kind = list[str]
        meaning = f"{meaning}; may be repeated"
    option = typer.Option(
        help=f"{meaning[0].upper()}{meaning[1:]}{default}. [{variable(each)}]", show_default=False, metavar=metavar
    )
    return inspect.Parameter(
        each.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind | None, option]
    )


def _format_default(default: object) -> str:
    return {True: "yes", False: "no"}[default] if isinstance(default, bool) else str(default)


# One flag for each setting, so that a setting is described once.
_parameters = [_parameter(each) for each in fields(Settings)]
serve.__signature__ = inspect.Signature(_parameters)  # type: ignore[attr-defined]
serve.__annotations__ = {parameter.name: parameter.annotation for parameter in _parameters}
