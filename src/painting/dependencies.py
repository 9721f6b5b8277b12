"""Environment variables that keep dependencies quiet: no telemetry, no files outside our cache, no lines on stderr.

A variable that is set already keeps its value.
"""

import os
from pathlib import Path

TELEMETRY_VARIABLES = {"ORT_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
"""ONNX Runtime 1.29 and later, from its import on, writes a device id and events into the home and sends them."""
LOG_VARIABLES = {"TORCH_CPP_LOG_LEVEL": "ERROR"}  # PyTorch warns of processors that lack NNPACK's instructions


def disable_telemetry() -> None:
    """Disable the telemetry of dependencies that are imported later."""
    _set_defaults(TELEMETRY_VARIABLES)


def silence_logs() -> None:
    """Keep warnings of dependencies' native code, which Python cannot catch, off this process's stderr."""
    _set_defaults(LOG_VARIABLES)


def keep_files_in(cache: Path) -> None:
    """Have dependencies that are imported later keep their own caches in our cache folder."""
    _set_defaults({"MPLCONFIGDIR": str(cache / "matplotlib")})


def _set_defaults(variables: dict[str, str]) -> None:
    for name, value in variables.items():
        os.environ.setdefault(name, value)
