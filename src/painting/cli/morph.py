"""`painting morph`: a morph from one picture to another, as an animation or a strip."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from painting.errors import InvalidRequest, PaintingError
from painting.progress import ProgressCallback

if TYPE_CHECKING:
    from painting.paint.morph import Loop, Morph

OUTPUT_SUFFIXES = (".webp", ".gif", ".png")
MAX_QUOTED_PROMPT = 80  # characters of a prompt that the summary repeats


def morph(
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write: .webp, .gif, or .png for a strip.")],
    prompt: Annotated[
        str | None, typer.Argument(help="Prompt of the start; omitted for a painter that takes none.")
    ] = None,
    to_prompt: Annotated[
        str | None, typer.Argument(help="Prompt of the end; omitted to change the seed alone.")
    ] = None,
    steps: Annotated[int, typer.Option(help="Number of frames, 2 to 240, both ends included.")] = 60,
    seed: Annotated[
        int | None, typer.Option("--seed", "-s", help="Seed of the start, 0 to 4294967295; random if omitted.")
    ] = None,
    to_seed: Annotated[
        int | None, typer.Option(help="Seed of the end; if omitted, the start's, or random without a prompt.")
    ] = None,
    fps: Annotated[float, typer.Option(min=0.2, max=50, help="Frames per second of an animation.")] = 20,
    loop: Annotated[str, typer.Option(help="After the last frame: there-and-back, over or once.")] = "there-and-back",
    lossless: Annotated[
        bool, typer.Option("--lossless", help="Keep every visible pixel of a .webp, in more bytes.")
    ] = False,
    columns: Annotated[int, typer.Option(min=1, max=240, help="Frames in a row of a strip.")] = 12,
    painter: Annotated[str | None, typer.Option("--painter", "-p", help="Name or file of a painter.")] = None,
) -> None:
    """Paint a morph from one picture to another, by prompt, by seed or by both."""
    import painting
    from painting.paint.morph import check_loop
    from painting.paint.prompt_warnings import warn_of_prompts

    checked_loop = check_loop(loop)
    suffix = _check_suffix(out)
    loaded = painting.load(painter)
    request = loaded.morph_request(prompt, to_prompt, seed, to_seed)
    warn_of_prompts(request)
    frames = loaded.paint_morph(request, steps, _progress())
    ms_a_frame = round(1000 / fps)
    match suffix:
        case ".webp":
            content = frames.webp(ms_a_frame, checked_loop, lossless)
        case ".gif":
            content = frames.gif(ms_a_frame, checked_loop)
        case _:
            content = frames.strip(columns)
    _write(out, content)
    typer.echo(out)
    typer.echo(_summary(frames, checked_loop, suffix))


def _check_suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in OUTPUT_SUFFIXES:
        raise InvalidRequest(f"cannot write {path}: its name must end in one of {', '.join(OUTPUT_SUFFIXES)}")
    return suffix


def _write(path: Path, content: bytes) -> None:
    from painting.atomic_file import write_atomic

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, content)
    except OSError as problem:
        raise PaintingError(f"cannot write the morph to {path}: {problem.strerror or problem}") from problem


def _summary(frames: "Morph", loop: "Loop", suffix: str) -> str:
    """One line that states both ends, with the seeds that were drawn."""
    start, end = (
        f"seed {end.seeds[0]}" if end.prompt is None else f"{_abbreviated(end.prompt)!r}, seed {end.seeds[0]}"
        for end in (frames.request.start, frames.request.end)
    )
    form = "side by side" if suffix == ".png" else f"played {loop}; a browser plays it"
    return f"{len(frames)} frames from {start} to {end}, {form}"


def _abbreviated(prompt: str) -> str:
    return prompt if len(prompt) <= MAX_QUOTED_PROMPT else f"{prompt[:MAX_QUOTED_PROMPT]}…"


def _progress() -> "ProgressCallback | None":
    """A progress line on standard error; None where that is no terminal."""
    if not sys.stderr.isatty():
        return None

    def show(painted: int, total: int) -> None:
        line = f"\r{painted} of {total} pictures"
        print(line if painted < total else "\r" + " " * len(line) + "\r", end="", file=sys.stderr, flush=True)

    return show
