"""`painting morph`: one picture turns into another, as an animation or a strip."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from painting.errors import InvalidRequest, PaintingError
from painting.progress import ProgressCallback

if TYPE_CHECKING:
    from painting.morph import Loop, Morph, MorphRequest

FORMATS = (".webp", ".gif", ".png")


def morph(
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write: .webp, .gif, or .png for a strip.")],
    prompt: Annotated[str | None, typer.Argument(help="The start; left out for a painter without text.")] = None,
    to_prompt: Annotated[str | None, typer.Argument(help="The end; left out to change the seed alone.")] = None,
    steps: Annotated[int, typer.Option(help="How many frames from start to end, 2 to 240.")] = 60,
    seed: Annotated[int | None, typer.Option("--seed", "-s", help="The start's seed, 0 to 4294967295.")] = None,
    to_seed: Annotated[int | None, typer.Option(help="The end's seed, if it is another one.")] = None,
    fps: Annotated[float, typer.Option(min=0.2, max=50, help="Frames a second of an animation.")] = 20,
    loop: Annotated[str, typer.Option(help="After the end: there-and-back, over or once.")] = "there-and-back",
    lossless: Annotated[bool, typer.Option("--lossless", help="Keep every pixel of a .webp, in more bytes.")] = False,
    columns: Annotated[int, typer.Option(min=1, max=240, help="How many frames to a row of a strip.")] = 12,
    painter: Annotated[str | None, typer.Option("--painter", "-p", help="A painter's name or file.")] = None,
) -> None:
    """Paint how one picture turns into another, by prompt, by seed or by both."""
    import painting
    from painting.morph import check_loop
    from painting.painter import warn_if_truncated

    chosen, kind = check_loop(loop), _format_of(out)
    loaded = painting.load(painter)
    request = loaded.morph_request(prompt, to_prompt, seed, to_seed)
    warn_if_truncated(request)
    frames = loaded.paint_morph(request, steps, _progress())
    ms = round(1000 / fps)
    encoders = {
        ".webp": lambda: frames.webp(ms, chosen, lossless),
        ".gif": lambda: frames.gif(ms, chosen),
        ".png": lambda: frames.strip(columns),
    }
    _write(out, encoders[kind]())
    typer.echo(out)
    typer.echo(_account(request, frames, chosen, kind))


def _format_of(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise InvalidRequest(f"cannot write {path}: its name must end in one of {', '.join(FORMATS)}")
    return suffix


def _write(path: Path, content: bytes) -> None:
    from painting.atomic_file import write_atomic

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, content)
    except OSError as problem:
        raise PaintingError(f"cannot write the morph to {path}: {problem.strerror or problem}") from problem


def _account(request: "MorphRequest", frames: "Morph", loop: "Loop", kind: str) -> str:
    """What was painted, with the seeds that were drawn, in one line."""
    prompts = request.prompts or ("", "")
    start, end = (
        f"{prompt!r}, seed {seed}".removeprefix("'', ") for prompt, seed in zip(prompts, request.seeds, strict=True)
    )
    shown = "side by side" if kind == ".png" else f"played {loop}; a browser plays it"
    return f"{len(frames)} frames from {start} to {end}, {shown}"


def _progress() -> "ProgressCallback | None":
    """What tells a watched terminal how far it is; None where nobody watches."""
    if not sys.stderr.isatty():
        return None

    def show(painted: int, total: int) -> None:
        line = f"\r{painted} of {total} pictures"
        print(line if painted < total else "\r" + " " * len(line) + "\r", end="", file=sys.stderr, flush=True)

    return show
