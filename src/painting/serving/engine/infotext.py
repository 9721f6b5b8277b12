"""Infotext: the origin of a picture in AUTOMATIC1111's form, the prompt and a line of keys and values."""

import json
import re

from painting import __version__
from painting.paint.paint_request import PaintRequest
from painting.serving.engine.encoding import Fitting, format_size

MIN_VALUES = 3  # of a line that holds values; with fewer it is the prompt's own last line, as AUTOMATIC1111 has it
NEGATIVE_PROMPT_MARK = "Negative prompt:"
_VALUE_PATTERN = re.compile(r'(\w[\w \-/]{1,60}):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
_SIZE_PATTERN = re.compile(r"(\d+)x(\d+)")


def infotext(request: PaintRequest, fitting: Fitting) -> str:
    """The infotext of one picture."""
    values = {
        "Steps": "1",
        "Sampler": "GAN",
        "Seed": str(request.seeds[0]),
        "Size": format_size(fitting.size),
        "Model": _quoted(request.painter),
    }
    if request.subseeds:
        values["Variation seed"] = str(request.subseeds[0])
        values["Variation seed strength"] = str(request.options.subseed_strength)
    values |= extra_parameters(fitting)
    values["Version"] = f"painting {__version__}"
    return f"{request.prompt or ''}\n{', '.join(f'{key}: {value}' for key, value in values.items())}"


def extra_parameters(fitting: Fitting) -> dict[str, str]:
    """What AUTOMATIC1111 has no key for: how a picture that was not painted at its size got to it."""
    if fitting.size == fitting.painted:
        return {}
    painted = {"Painted size": format_size(fitting.painted)}
    return {**painted, "Fit": fitting.fit} if fitting.fit else painted


def _quoted(value: str) -> str:
    """Quote a value that holds what separates values, as AUTOMATIC1111 does."""
    return json.dumps(value, ensure_ascii=False) if set(value) & set(",:\n") else value


def parse_infotext(text: str) -> dict[str, str]:
    """Parse an infotext as AUTOMATIC1111 does: prompts and values by their keys; a size is `Size-1` and `Size-2`."""
    if not text.strip():
        return {}
    *lines, last = text.strip().split("\n")
    pairs = _VALUE_PATTERN.findall(last)
    if len(pairs) < MIN_VALUES:
        lines.append(last)
        pairs = []
    prompt, _, negative = "\n".join(map(str.strip, lines)).partition(NEGATIVE_PROMPT_MARK)
    values = {"Prompt": prompt.strip(), "Negative prompt": negative.strip()}
    for key, value in pairs:
        if size := _SIZE_PATTERN.fullmatch(value):
            values |= {f"{key}-1": size[1], f"{key}-2": size[2]}
        else:
            values[key] = _unquoted(value)
    return values


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    try:
        return str(json.loads(value))
    except ValueError:
        return value
