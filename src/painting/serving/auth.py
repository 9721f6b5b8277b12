"""Authentication: identifies a request's client by its API key, its signed address or its network address."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlencode

from flask import Request
from itsdangerous import Signer

from painting.errors import InvalidRequest
from painting.serving.client import ClientConnection
from painting.serving.errors import Unauthorized
from painting.serving.settings import ADDRESS_PATTERN, Settings

CONNECTION_KEY = "painting.connection"  # where a request's environment holds its connection
SHA256_PREFIX = "sha256:"
SIGNATURE_PARAMETER = "signature"  # of a query: it stands for a key at this one address
HEX_DIGITS = set("0123456789abcdef")


@dataclass(frozen=True)
class Client:
    """A client: its connection, and the identity that rate limits count by (a digest of its key, or its address)."""

    connection: ClientConnection
    identity: str


class Authenticator:
    """Checks API keys, signs addresses, and resolves client addresses behind trusted proxies."""

    def __init__(self, settings: Settings) -> None:
        """Read keys and networks; raises InvalidRequest."""
        self._keys = [_digest(key) for key in settings.keys()]  # noqa: SIM118 (a method, of no mapping)
        secret = settings.url_secret or secrets.token_hex(32)
        self._signer = Signer(secret, salt="addresses", digest_method=hashlib.sha256)
        try:
            names = (name.strip() for name in settings.trusted_proxies.split(","))
            self._trusted = [ip_network(name, strict=False) for name in names if name]
        except ValueError as problem:
            raise InvalidRequest(
                f"PAINTING_TRUSTED_PROXIES must be networks such as 10.0.0.0/8: {problem}"
            ) from problem

    @property
    def requires_keys(self) -> bool:
        """Whether keys are set."""
        return bool(self._keys)

    def signed_query(self, path: str, parameters: Mapping[str, str]) -> str:
        """The query of an address that needs no key: its parameters, signed where keys are set."""
        signature = {SIGNATURE_PARAMETER: self._signature(path, parameters)} if self._keys else {}
        return urlencode({**parameters, **signature})

    def authenticate(self, request: Request) -> Client:
        """Identify a client by its key, or by its address where that is signed or no keys are set.

        Raises Unauthorized.
        """
        if not self._keys or self._is_signed(request):
            return Client(_connection(request), self.address(request))
        given = _given_key(request)
        digest = hashlib.sha256(given.encode()).digest()
        # Every key is compared, so that the time does not depend on which one it is.
        if not any([hmac.compare_digest(digest, key) for key in self._keys]):
            raise Unauthorized(
                "the API key is not valid"
                if given
                else "this server requires an API key: send Authorization: Bearer KEY"
            )
        return Client(_connection(request), digest.hex()[:16])

    def address(self, request: Request) -> str:
        """Resolve a request's client address: the last hop before the trusted proxies."""
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        found = request.remote_addr or ""
        while hops and self._is_trusted(found):
            found = hops.pop()
        return _network(found)

    def origin(self, request: Request) -> str:
        """Return the origin by which a client reached this server; its own where the headers name none."""
        scheme, hosts = request.scheme, [request.host]
        if self._is_trusted(request.remote_addr or ""):
            scheme = request.headers.get("X-Forwarded-Proto", scheme)
            hosts.insert(0, request.headers.get("X-Forwarded-Host", ""))
        begins = f"{'https' if scheme == 'https' else 'http'}://"
        named = (f"{begins}{host}" for host in hosts if ADDRESS_PATTERN.fullmatch(f"{begins}{host}"))
        return next(named, begins + _own_host(request.environ))

    def _is_signed(self, request: Request) -> bool:
        """Whether a request's address is signed; raises Unauthorized where its signature is not ours."""
        parameters = request.args.to_dict()
        given = parameters.pop(SIGNATURE_PARAMETER, None)
        if given is None:
            return False
        if not hmac.compare_digest(given.encode(), self._signature(request.path, parameters).encode()):
            raise Unauthorized("the signature is not of this address, or is from before the server's restart")
        return True

    def _signature(self, path: str, parameters: Mapping[str, str]) -> str:
        address = f"{path}?{urlencode(sorted(parameters.items()))}"
        return self._signer.get_signature(address).decode("ascii")

    def _is_trusted(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        found = getattr(found, "ipv4_mapped", None) or found  # IPv4, as a socket of IPv6 names it
        networks: list[IPv4Network | IPv6Network] = self._trusted
        return any(found in network for network in networks)


def _connection(request: Request) -> ClientConnection:
    """The connection that the server process put into the environment; outside of it, one that never closes."""
    connection: ClientConnection = request.environ.setdefault(CONNECTION_KEY, ClientConnection())
    return connection


def _own_host(environ: Mapping[str, Any]) -> str:
    name, port = str(environ["SERVER_NAME"]), environ["SERVER_PORT"]
    return f"[{name}]:{port}" if ":" in name else f"{name}:{port}"


def _given_key(request: Request) -> str:
    given = request.authorization
    if given is not None and given.type == "basic":  # as AUTOMATIC1111's clients do
        return given.password or ""
    if given is not None and given.type == "bearer":
        return given.token or ""
    return request.headers.get("X-API-Key", "")


def _digest(key: str) -> bytes:
    if not key.startswith(SHA256_PREFIX):
        return hashlib.sha256(key.encode()).digest()
    digits = key.removeprefix(SHA256_PREFIX).lower()
    if len(digits) != 64 or not set(digits) <= HEX_DIGITS:
        raise InvalidRequest("an API key that begins with sha256: must go on with 64 hexadecimal digits")
    return bytes.fromhex(digits)


def _network(address: str) -> str:
    """Normalise an address to what one client has: of IPv6, the 64 bits of a household's network."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((found, 64), strict=False))
    return str(found)
