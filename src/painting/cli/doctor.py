"""`painting doctor`: installed packages, devices, text encoders and painters, and what is missing."""

import platform
import re
import sys
from collections.abc import Iterator
from importlib import metadata

import typer

from painting import distribution
from painting.distribution import DISTRIBUTION_NAME
from painting.errors import PaintingError
from painting.painters import catalog

EXTRA_VERBS = {
    "": "paint, morph, serve, data",
    "train": "train, evaluate, export",
    "clip": "text-encoder export",
    "redis": "rate limits in Redis",
    "notebooks": "the notebooks",
    "test": "the tests of the default install",
    "dev": "all tests, lint and types",
}
LOAD_ERRORS = (ImportError, OSError)  # OSError: a shared library that cannot be loaded
REQUIREMENT_PATTERN = re.compile(r"""^([A-Za-z0-9._-]+)[^;]*(?:;.*extra\s*==\s*["']([^"']+)["'])?""")


def doctor() -> None:
    """Show installed packages, devices, text encoders and painters, and what is missing for which command."""
    for line in report_lines():
        typer.echo(line)


def report_lines() -> Iterator[str]:
    """Lines of the report."""
    machine = f"{platform.system()} {platform.machine()}"
    yield f"painting {distribution.version()}, Python {platform.python_version()}, {machine}"
    yield from _packages()
    yield from _devices()
    yield from _text_encoders()
    yield from _painters()


def _packages() -> Iterator[str]:
    by_extra: dict[str, list[str]] = {extra: [] for extra in EXTRA_VERBS}
    for requirement in metadata.requires(DISTRIBUTION_NAME) or []:
        match = REQUIREMENT_PATTERN.match(requirement)
        if match and match[1] != DISTRIBUTION_NAME and (match[2] or "") in by_extra:  # an extra may include another one
            by_extra[match[2] or ""].append(match[1])
    for extra, packages in by_extra.items():
        found = {name: _version(name) for name in packages}
        installed = [f"{name} {number}" for name, number in found.items() if number]
        missing = [name for name, number in found.items() if not number]
        yield f"for {EXTRA_VERBS[extra]}: {', '.join(installed) or 'nothing installed'}"
        if missing:
            yield f"  missing: {', '.join(missing)} (to install: {distribution.install_command(extra)})"


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _devices() -> Iterator[str]:
    from painting.onnx_session import available_cores

    yield f"cpu: {available_cores()} cores for this process"
    if _version("torch") is None:
        yield "cuda, mps: not checked, torch is not installed (training alone needs it)"
        return
    try:
        import torch
    except LOAD_ERRORS as problem:
        yield f"cuda, mps: not checked, torch cannot be imported: {_one_line(problem)}"
        return
    names = [torch.cuda.get_device_name(number) for number in range(torch.cuda.device_count())]
    yield f"cuda: {', '.join(names) or 'none usable by torch'}"
    if sys.platform == "darwin":
        yield f"mps: {'yes' if torch.backends.mps.is_available() else 'none usable by torch'}"


def _text_encoders() -> Iterator[str]:
    try:
        from painting.text.catalog import names
        from painting.text.encoder import TextEncoder
    except LOAD_ERRORS as problem:
        yield f"text encoders: unusable, a package is missing or broken: {_one_line(problem)}"
        return
    for name in names():
        try:
            encoder = TextEncoder.load(name)
        except (PaintingError, *LOAD_ERRORS) as problem:
            yield f"text encoder {name}: {_one_line(problem)}"
        else:
            size = f"vectors of {encoder.width} numbers, at most {encoder.longest_prompt} tokens"
            yield f"text encoder {name}: works, {size}"


def _one_line(problem: Exception) -> str:
    return " ".join(str(problem).split())[:300]


def _painters() -> Iterator[str]:
    from painting.paint.painter import Painter

    for name in catalog.names():
        try:
            painter = Painter.load(name)  # which checks its text encoder too
        except (PaintingError, *LOAD_ERRORS) as problem:
            yield f"painter {name}: {_one_line(problem)}"
        else:
            text = f"text encoder {painter.manifest.text_encoder_id}" if painter.conditional else "unconditional"
            yield f"painter {name}: works, {painter.size} px, {text}"
    if not catalog.names():
        yield "painters: none bundled; give paint and serve a painter file with --painter"
