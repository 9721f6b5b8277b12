"""The distribution: the name by which pip knows the package, its version, and commands that install its extras."""

import json
from importlib import metadata
from importlib.util import find_spec
from urllib.parse import urlsplit
from urllib.request import url2pathname

from painting.errors import PaintingError

DISTRIBUTION_NAME = "painting-nets"  # the index's "painting" is another project's
TORCH_EXTRAS = {"train", "clip", "dev"}


class MissingExtra(PaintingError):
    """An optional dependency (an extra of the distribution) that is not installed."""

    def __init__(self, purpose: str, extra: str = "train") -> None:
        name = {"train": "training"}.get(extra, extra)
        super().__init__(f"{purpose} needs the {name} extra: {install_command(extra)}")


def version() -> str:
    """The installed version."""
    return metadata.version(DISTRIBUTION_NAME)


def install_command(extra: str = "") -> str:
    """The shell command, bash's and Windows' alike, that adds an extra to this installation; "": its dependencies.

    Where PyTorch is missing, uv takes its build for this machine: pip alone takes CUDA's gigabytes on any Linux.
    """
    options, target = _installed_from()
    requirement = f'{options}"{target}"' if not extra else f'{options}"{_with_extra(target, extra)}"'
    if extra in TORCH_EXTRAS and find_spec("torch") is None:
        return f"pip install uv, then: python -m uv pip install --torch-backend auto {requirement}"
    return f"pip install {requirement}"


def _with_extra(target: str, extra: str) -> str:
    name, at, url = target.partition(" @ ")
    return f"{name}[{extra}]{at}{url}"


def _installed_from() -> tuple[str, str]:
    """pip's options and target that install the package again from where it came: a checkout, a wheel, git, the index.

    As direct_url.json says, which pip keeps for what came from elsewhere than the index (PEP 610).
    """
    try:
        origin = json.loads(metadata.distribution(DISTRIBUTION_NAME).read_text("direct_url.json") or "{}")
    except metadata.PackageNotFoundError:  # run from a checkout that is not installed
        origin = {}
    address = origin.get("url", "")
    if "vcs_info" in origin:
        return "", f"{DISTRIBUTION_NAME} @ {origin['vcs_info']['vcs']}+{address}"
    if address.startswith("file:"):
        editable = origin.get("dir_info", {}).get("editable", False)
        return "-e " if editable else "", url2pathname(urlsplit(address).path)
    return "", f"{DISTRIBUTION_NAME} @ {address}" if address else DISTRIBUTION_NAME
