"""Server settings: each is a variable of the environment and a flag of `painting serve`."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self

from painting.errors import InvalidRequest, error_reason
from painting.onnx_session import available_cores

VARIABLE_PREFIX = "PAINTING_"
OTHER_VARIABLES = ("PAINTING_CACHE", "PAINTING_TEXT_ENCODERS")  # of the whole package
# What Kubernetes sets for each Service, for example one named "painting-page".
SERVICE_LINK_PATTERN = re.compile(r"_SERVICE_(HOST|PORT)|_PORT(_[0-9]+_(TCP|UDP).*)?$")
MULTIPROCESS_DIR_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # Prometheus's own: the folder in which processes count together
ESCAPED_COMMA = "\x00"  # stands for a comma within a file name, which cannot contain it
MAX_DIGITS = 9  # the server's counters have 32 bits
TRUE_WORDS, FALSE_WORDS = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
ADDRESS_PATTERN = re.compile(
    r"https?://[a-z0-9._~-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:.]+\](:[0-9]{1,5})?", re.IGNORECASE
)
PATH_PATTERN = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@%/-]*")
MAX_HEADER_BYTES = 65_536  # of one request
DEFAULT_PORTS = {"http": ":80", "https": ":443"}
PAGE_ENGINES = ("server", "browser")
LOG_LEVELS = ("debug", "info", "warning", "error")


def _setting(
    default: Any, meaning: str, least: int = 1, most: int = 10**MAX_DIGITS - 1, repeatable: bool = False
) -> Any:
    """A field; `repeatable`: its flag may be given several times, and its variable holds commas."""
    return field(default=default, metadata={"help": meaning, "least": least, "most": most, "repeatable": repeatable})


@dataclass(frozen=True)
class Settings:
    """The settings of one server; a field `max_queue` is PAINTING_MAX_QUEUE and --max-queue."""

    painter: str | None = _setting(
        None, "name or file of a painter, or several, comma-separated; the first is the default", repeatable=True
    )
    engine: str = _setting(PAGE_ENGINES[0], "what paints for the page: server, or browser, to which painters are sent")
    host: str = _setting("127.0.0.1", "address to bind; 0.0.0.0 for all")
    port: int = _setting(8001, "port to bind; 0 for any free one", least=0)
    workers: int = _setting(1, "worker processes; more than one only pays on a machine with many cores", most=256)
    threads: int = _setting(
        0, "inference threads of a worker; 0: the available cores, divided among workers", least=0, most=1024
    )
    cors_origin: str = _setting(
        "*", "origins, comma-separated, whose pages may call the API; * for any, empty for none", repeatable=True
    )
    api_keys: str = _setting(
        "", "API keys, comma-separated, one of which a client must send; or sha256:HEX of them", repeatable=True
    )
    api_keys_file: str = _setting("", "file with more API keys, one per line")
    pictures_per_minute: int = _setting(0, "rate limit: pictures per client and minute; 0: none", least=0)
    redis_url: str = _setting("", "Redis for a rate limit shared by several servers: redis://…; empty: each in memory")
    trusted_proxies: str = _setting(
        "", "networks, comma-separated, whose X-Forwarded-For, -Proto and -Host are trusted", repeatable=True
    )
    public_url: str = _setting("", "base URL of links to pictures; empty: that of the request")
    url_secret: str = _setting("", "secret that signs links to pictures; empty: a random one at each start")
    deadline_seconds: int = _setting(8, "seconds within which a request must be painted, or it is rejected at once")
    drain_seconds: int = _setting(
        1, "seconds after SIGTERM in which /readyz fails and new connections are still served", least=0
    )
    grace_seconds: int = _setting(20, "seconds after the drain in which requests in progress may finish")
    header_seconds: int = _setting(5, "timeout of a request's headers, in seconds")
    body_seconds: int = _setting(10, "timeout of a request's body, in seconds")
    max_queue: int = _setting(128, "queued requests per painter before further ones are rejected")
    max_connections: int = _setting(1024, "open connections per worker; further ones wait in the system's queue")
    max_pictures: int = _setting(64, "pictures per request, 64 at most")
    max_frames: int = _setting(240, "frames per morph, 240 at most")
    max_side: int = _setting(2048, "longer side of a resized picture, in px")
    max_batch_size: int = _setting(16, "pictures per batch", most=256)
    picture_cache_mib: int = _setting(16, "size of the cache of encoded pictures, in MiB; 0: none", least=0)
    max_url_length: int = _setting(50_000, "longest path and query, in characters")
    max_body_bytes: int = _setting(1 << 22, "largest request body, in bytes")
    log_level: str = _setting("info", f"{', '.join(LOG_LEVELS)}; info logs a line for each request")
    log_prompts: bool = _setting(False, "log prompts")

    def __post_init__(self) -> None:
        """Validate the settings that are not numbers; raises InvalidRequest."""
        if self.log_level not in LOG_LEVELS:
            raise InvalidRequest(f"PAINTING_LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}, not {self.log_level!r}")
        if self.engine not in PAGE_ENGINES:
            raise InvalidRequest(f"PAINTING_ENGINE must be {' or '.join(PAGE_ENGINES)}, not {self.engine[:40]!r}")
        for origin in self.cors_origins:
            if origin != "*" and not ADDRESS_PATTERN.fullmatch(origin):
                raise InvalidRequest(
                    f"PAINTING_CORS_ORIGIN must be *, nothing, or origins such as https://example.org, "
                    f"not {origin[:80]!r}"
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
        """The names or files of the painters, the default one first."""
        parts = keep_commas(self.painter or "").split(",")
        return tuple(name.replace(ESCAPED_COMMA, ",") for part in parts if (name := part.strip()))

    @property
    def paints_in_browser(self) -> bool:
        """Whether the page paints by itself, with files that the server sends, rather than by the API."""
        return self.engine == "browser"

    @property
    def cors_origins(self) -> tuple[str, ...]:
        """The origins whose pages may call the API, as browsers write them; "*" is any."""
        return tuple(_browser_origin(origin) for part in self.cors_origin.split(",") if (origin := part.strip()))

    @property
    def own_threads(self) -> int:
        """Inference threads of one worker: as set, or its share of the cores."""
        return self.threads or max(1, available_cores() // self.workers)

    def with_painters(self, found: Iterable[str]) -> Self:
        """Copy the settings with the painters' paths; a comma in a file name is kept."""
        return replace(self, painter=",".join(path.replace(",", ESCAPED_COMMA) for path in found))

    def keys(self) -> tuple[str, ...]:
        """Return the API keys of the setting and of the file; raises InvalidRequest when that cannot be read."""
        lines = self.api_keys.split(",")
        if self.api_keys_file:
            try:
                lines += Path(self.api_keys_file).read_text(encoding="utf-8-sig").splitlines()
            except (OSError, ValueError) as problem:
                raise InvalidRequest(f"cannot read PAINTING_API_KEYS_FILE: {error_reason(problem)}") from problem
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
                chosen[each.name] = _checked(variable(each), each, variables[variable(each)].strip())
        return cls(**chosen)


def keep_commas(name: str) -> str:
    """Escape the commas of an existing file's name, as others separate names."""
    return name.replace(",", ESCAPED_COMMA) if "," in name and os.path.isfile(name) else name


def _browser_origin(origin: str) -> str:
    """Write an origin as browsers do: in lower case, without a slash and without its scheme's own port."""
    plain = origin.lower().rstrip("/")
    scheme = plain.partition(":")[0]
    return plain.removesuffix(DEFAULT_PORTS.get(scheme, ""))


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """Name the `PAINTING_…` variables that no setting reads, each in a sentence with the nearest that exists."""
    known = [*map(variable, fields(Settings)), *OTHER_VARIABLES]
    sentences = []
    for name in sorted(environment):
        if name.startswith(VARIABLE_PREFIX) and name not in known and not SERVICE_LINK_PATTERN.search(name):
            longer = [each for each in known if each.startswith(name)]
            nearest = (longer or get_close_matches(name, known, n=1, cutoff=0))[0]
            sentences.append(
                f"{name} is set in the environment, but no setting has this name; the nearest is {nearest}"
            )
    return sentences


def variable(each: "Field[Any]") -> str:
    """Return the environment variable of a field."""
    return VARIABLE_PREFIX + each.name.upper()


def flag(each: "Field[Any]") -> str:
    """Return the command-line flag of a field."""
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
