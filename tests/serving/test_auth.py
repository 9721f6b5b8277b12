"""Clients are identified by key or by address, behind a proxy or not."""

import hashlib
from base64 import b64encode

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from painting.errors import InvalidRequest
from painting.serving.auth import Authenticator
from painting.serving.errors import Unauthorized
from painting.serving.settings import Settings


def request(address: str = "203.0.113.9", **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    environ = EnvironBuilder(headers=list(named.items())).get_environ() | {"REMOTE_ADDR": address}
    return Request(environ)


def basic(password: str) -> str:
    return "Basic " + b64encode(f"anybody:{password}".encode()).decode()


@pytest.mark.parametrize(
    "headers",
    [{"Authorization": "Bearer käy"}, {"X_API_Key": "käy"}, {"Authorization": basic("käy")}],
    ids=["bearer", "header", "basic"],
)
def test_a_key_is_taken_in_each_way(headers: dict[str, str]) -> None:
    authenticator = Authenticator(Settings(api_keys="other,käy"))
    assert (
        authenticator.authenticate(request(**headers)).identity
        == authenticator.authenticate(request("198.51.100.1", **headers)).identity
    )


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer"}, {"Authorization": "Bearer k"}, {"Authorization": basic("")}, {"X_API_Key": ""}],
)
def test_no_key_or_another_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(Unauthorized):
        Authenticator(Settings(api_keys="key")).authenticate(request(**headers))


def test_a_key_may_be_given_by_its_digest() -> None:
    authenticator = Authenticator(Settings(api_keys="sha256:" + hashlib.sha256(b"key").hexdigest()))
    assert authenticator.authenticate(request(X_API_Key="key"))
    with pytest.raises(Unauthorized):
        authenticator.authenticate(request(X_API_Key=hashlib.sha256(b"key").hexdigest()))
    with pytest.raises(InvalidRequest, match="64 hexadecimal digits"):
        Authenticator(Settings(api_keys="sha256:xyz"))


@pytest.mark.parametrize(
    ("address", "forwarded", "found"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "1.1.1.1, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
        ("::ffff:10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", "nonsense", "unknown"),
        ("2001:db8::1", "", "2001:db8::/64"),
        ("::ffff:203.0.113.9", "", "203.0.113.9"),
        ("", "", "unknown"),
    ],
)
def test_an_address_is_that_of_the_last_one_before_trusted_proxies(address: str, forwarded: str, found: str) -> None:
    authenticator = Authenticator(Settings(trusted_proxies="10.0.0.0/8, fd00::/8"))
    assert authenticator.address(request(address, X_Forwarded_For=forwarded)) == found


def test_networks_that_are_none_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="PAINTING_TRUSTED_PROXIES"):
        Authenticator(Settings(trusted_proxies="everywhere"))
