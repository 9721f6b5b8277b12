"""The command `painting`: one file a verb, one line for every error."""

import os
import sys
import warnings
from collections.abc import Sequence
from typing import Annotated, cast

import typer

from painting.cli import data, doctor, evaluate, export, morph, paint, serve, text_encoder, train
from painting.errors import PaintingError

INTERRUPTED_EXIT_CODE = 130
# What a wrong command line raises: click's own, or the one of the click that newer typers bring.
UsageProblem = cast(type[Exception], typer.BadParameter.__mro__[2])

app = typer.Typer(
    help="Train your own text-to-image painter from captioned pictures, and paint with it.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
for verb in (paint.paint, morph.morph, serve.serve, train.train, evaluate.evaluate, export.export, doctor.doctor):
    app.command()(verb)
app.add_typer(data.app, name="data")
app.add_typer(text_encoder.app, name="text-encoder")


@app.callback()
def painting(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Tell the version and leave.", is_eager=True)] = False,
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
    """Run one command line and return its exit code; errors are told on stderr, in one line."""
    warnings.showwarning = _show_warning
    try:
        code = app(args=list(arguments), prog_name="painting", standalone_mode=False)
    except PaintingError as problem:
        _say("error", str(problem))
        return problem.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED_EXIT_CODE
    except typer.Abort:
        return INTERRUPTED_EXIT_CODE
    except UsageProblem as problem:
        _say_usage(problem)
        return 2
    except BrokenPipeError:  # whoever read our output has left, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as problem:  # a path that the system will not even look at, for example one too long
        _say("error", f"{str(problem.filename or '')[:100]}: {problem.strerror or problem}".removeprefix(": "))
        return PaintingError.exit_code
    return code if isinstance(code, int) else 0


def _say(kind: str, message: str) -> None:
    print(f"{kind}: {' '.join(message.split())}", file=sys.stderr)


def _say_usage(problem: Exception) -> None:
    """Tell what is wrong with the command line; a verb that lacks its own verb tells its help, as it is."""
    message = getattr(problem, "format_message", problem.__str__)()
    if "\n" in message:
        print(message, file=sys.stderr)
    else:
        _say("error", message)


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    _say("note", str(message))
