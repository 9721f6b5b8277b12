"""The command line `painting`: one module a command, one line for every error."""

import sys
import warnings
from collections.abc import Sequence
from typing import Annotated, cast

import typer

from painting.cli import data, doctor, evaluate, export, morph, paint, serve, site, text_encoder, train
from painting.dependencies import silence_logs
from painting.errors import INTERRUPTED_EXIT_CODE, PaintingError

# The base of click's usage errors: click's own, or that of the click inside newer typers.
UsageError = cast(type[Exception], typer.BadParameter.__mro__[2])

app = typer.Typer(
    help="Train your own text-to-image painter from captioned pictures, and paint with it.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
for command in (
    paint.paint,
    morph.morph,
    serve.serve,
    site.site,
    train.train,
    evaluate.evaluate,
    export.export,
    doctor.doctor,
):
    app.command()(command)
app.add_typer(data.app, name="data")
app.add_typer(text_encoder.app, name="text-encoder")


@app.callback()
def painting(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)] = False,
) -> None:
    """Train your own text-to-image painter from captioned pictures, and paint with it."""
    if version:
        from painting import __version__

        typer.echo(f"painting {__version__}")
        raise typer.Exit()
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit()


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code; errors go to stderr, in one line."""
    warnings.showwarning = _show_warning
    silence_logs()
    try:
        code = app(args=list(arguments), prog_name="painting", standalone_mode=False)
    except PaintingError as problem:
        _print_message("error", str(problem))
        return problem.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED_EXIT_CODE
    except UsageError as problem:
        _print_usage(problem)
        return 2
    except OSError as problem:  # a path that the system refuses, for example one too long
        _print_message(
            "error", f"{str(problem.filename or '')[:100]}: {problem.strerror or problem}".removeprefix(": ")
        )
        return PaintingError.exit_code
    return code if isinstance(code, int) else 0


def _print_message(kind: str, message: str) -> None:
    print(f"{kind}: {' '.join(message.split())}", file=sys.stderr)


def _print_usage(problem: Exception) -> None:
    """Print a usage error; a group without a command prints its help, which has lines of its own."""
    message = getattr(problem, "format_message", problem.__str__)()
    if "\n" in message:
        print(message, file=sys.stderr)
    else:
        _print_message("error", message)


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    _print_message("note", str(message))
