"""What can be set about the server: each setting is a variable of the environment and a flag of `painting serve`."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self

from painting.errors import InvalidRequest
from painting.onnx_session import available_cores

VARIABLE_PREFIX = "PAINTING_"
ESCAPED_COMMA = "\x00"  # stands for a comma within a file's name, in which it cannot be
MAX_DIGITS = 9  # what the server counts with holds no more than 32 bits
TRUE_WORDS, FALSE_WORDS = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
ADDRESS_PATTERN = re.compile(
    r"https?://[a-z0-9._~-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:.]+\](:[0-9]{1,5})?", re.IGNORECASE
)
PATH_PATTERN = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@%/-]*")
LOG_LEVELS = ("debug", "info", "warning", "error")


def _setting(default: Any, meaning: str, least: int = 1, most: int = 10**MAX_DIGITS - 1) -> Any:
    return field(default=default, metadata={"help": meaning, "least": least, "most": most})


@dataclass(frozen=True)
class Settings:
    """Limits and choices of one server; a field `max_queue` is PAINTING_MAX_QUEUE and --max-queue."""

    painter: str | None = _setting(None, "name or file of a painter, or several with commas; the first is the default")
    host: str = _setting("127.0.0.1", "address to listen at; 0.0.0.0 for every one")
    port: int = _setting(8001, "port to listen at; 0 for any free one", least=0)
    workers: int = _setting(1, "processes that paint; more than one only pays on a machine of many cores", most=256)
    threads: int = _setting(
        0, "threads of a process for painting; 0: the cores that it may use, shared out", least=0, most=1024
    )
    cors_origin: str = _setting("*", "origin whose pages may read GET /?input=; * for any, empty for none")
    api_keys: str = _setting("", "keys, with commas, one of which a client must send; or sha256:HEX of them")
    api_keys_file: str = _setting("", "file with more such keys, one a line")
    pictures_per_minute: int = _setting(0, "pictures that one client may have painted a minute; 0: no limit", least=0)
    redis_url: str = _setting("", "where several servers count that together: redis://…; empty: each in its memory")
    trusted_proxies: str = _setting("", "networks, with commas, whose X-Forwarded-For, -Proto and -Host are believed")
    public_url: str = _setting("", "address that clients know, for links to pictures; empty: as the request says")
    url_secret: str = _setting("", "secret that signs links to pictures; empty: a new one at each start")
    deadline_seconds: int = _setting(8, "seconds within which a request must be painted, or it is turned away at once")
    drain_seconds: int = _setting(
        1, "seconds after SIGTERM for which /readyz fails while new connections are still served", least=0
    )
    grace_seconds: int = _setting(10, "seconds after that within which requests in progress must end")
    header_seconds: int = _setting(5, "seconds that a client has to send a request's headers")
    body_seconds: int = _setting(10, "seconds that a client has to send a request's body")
    max_queue: int = _setting(128, "requests that wait for a painter before further ones are turned away")
    max_connections: int = _setting(1024, "connections served at a time; further ones wait in the system's queue")
    max_pictures: int = _setting(64, "pictures of one request, 64 at most")
    max_frames: int = _setting(240, "frames of one morph, 240 at most")
    max_side: int = _setting(1024, "px of a picture's longer side, where one asks for another size")
    max_batch_size: int = _setting(16, "pictures painted together", most=256)
    picture_cache_mib: int = _setting(16, "MiB of finished pictures that are kept; 0: none", least=0)
    text_cache_mib: int = _setting(8, "MiB of text vectors that are kept; 0: none", least=0)
    max_url_length: int = _setting(16_384, "characters of path and query that are read")
    max_body_bytes: int = _setting(262_144, "bytes of a request's body that are read")
    log_level: str = _setting("info", f"what is logged: {', '.join(LOG_LEVELS)}; info has a line for each request")
    log_prompts: bool = _setting(False, "whether prompts are logged")

    def __post_init__(self) -> None:
        """Check what is not a number; raises InvalidRequest."""
        if self.log_level not in LOG_LEVELS:
            raise InvalidRequest(f"PAINTING_LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}, not {self.log_level!r}")
        if self.cors_origin not in ("", "*") and not ADDRESS_PATTERN.fullmatch(self.cors_origin):
            raise InvalidRequest(
                f"PAINTING_CORS_ORIGIN must be *, nothing, or an origin such as https://example.org, "
                f"not {self.cors_origin[:80]!r}"
            )
        begins = ADDRESS_PATTERN.match(self.public_url)
        if self.public_url and not (
            begins and re.fullmatch(rf"(/{PATH_PATTERN.pattern})?", self.public_url[begins.end() :])
        ):
            raise InvalidRequest(
                f"PAINTING_PUBLIC_URL must be an address such as https://example.org/pictures, "
                f"not {self.public_url[:80]!r}"
            )

    @property
    def painters(self) -> tuple[str, ...]:
        """The painters that are named, the default one first."""
        parts = (self.painter or "").split(",")
        return tuple(name.replace(ESCAPED_COMMA, ",") for part in parts if (name := part.strip()))

    @property
    def own_threads(self) -> int:
        """How many threads one process computes with: as set, or its share of the cores."""
        return self.threads or max(1, available_cores() // self.workers)

    def with_painters(self, found: Iterable[str]) -> Self:
        """The same settings for painters that were found; a comma in a file's name is kept."""
        return replace(self, painter=",".join(path.replace(",", ESCAPED_COMMA) for path in found))

    def keys(self) -> tuple[str, ...]:
        """The keys of the setting and of the file; raises InvalidRequest when there is no such file."""
        lines = self.api_keys.split(",")
        if self.api_keys_file:
            try:
                lines += Path(self.api_keys_file).read_text(encoding="utf-8").splitlines()
            except (OSError, ValueError) as problem:
                raise InvalidRequest(f"cannot read the keys in PAINTING_API_KEYS_FILE: {problem}") from problem
        return tuple(key for line in lines if (key := line.strip()))

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] | None = None, flags: Mapping[str, object] | None = None
    ) -> Self:
        """Read settings from `PAINTING_…` variables; flags that are not None go first. Raises InvalidRequest."""
        variables = os.environ if environment is None else environment
        chosen: dict[str, Any] = {}
        for each in fields(cls):
            given = (flags or {}).get(each.name)
            if given is not None:
                chosen[each.name] = _checked(flag(each), each, str(given))
            elif variable(each) in variables:
                chosen[each.name] = _checked(variable(each), each, variables[variable(each)])
        return cls(**chosen)


def variable(each: "Field[Any]") -> str:
    """The variable of the environment that sets a field."""
    return VARIABLE_PREFIX + each.name.upper()


def flag(each: "Field[Any]") -> str:
    """The flag of the command line that sets a field."""
    return "--" + each.name.replace("_", "-")


def _checked(name: str, each: "Field[Any]", text: str) -> str | int | bool:
    if isinstance(each.default, bool):
        if text.lower() not in TRUE_WORDS | FALSE_WORDS:
            raise InvalidRequest(f"{name} must be yes or no, not {text[:40]!r}")
        return text.lower() in TRUE_WORDS
    if isinstance(each.default, int):
        return _number(name, text, each.metadata["least"], each.metadata["most"])
    return text


def _number(name: str, text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS and int(text) >= least):
        raise InvalidRequest(
            f"{name} must be a whole number of at least {least} and of at most {MAX_DIGITS} digits, not {text[:40]!r}"
        )
    if int(text) > most:
        raise InvalidRequest(f"{name} must be {most} at most, not {text}")
    return int(text)
