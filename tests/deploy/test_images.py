"""What images are built of and how compose runs them, without building them: scripts/build_images.py does that."""

import re
import subprocess
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from painting.serving.settings import Settings

PROJECT_ROOT = Path(__file__).parents[2]
ALL_DOCKERFILES = ["Dockerfile", "Dockerfile_backend", "Dockerfile_frontend"]
BIN_FOLDER = Path(sys.executable).parent


def lines_of(name: str) -> list[str]:
    """A Dockerfile without its comments."""
    return [line for line in (PROJECT_ROOT / name).read_text().splitlines() if line and not line.startswith("#")]


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((PROJECT_ROOT / "compose.yaml").read_text())
    return loaded


@pytest.mark.parametrize("name", ALL_DOCKERFILES)
def test_the_linter_of_dockerfiles_finds_nothing(name: str) -> None:
    done = subprocess.run([BIN_FOLDER / "hadolint", PROJECT_ROOT / name], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(("change", "code"), [({}, 0), ({"cap_drop": "ALL"}, 1), ({"prots": []}, 1)])
def test_compose_accepts_its_file_and_would_not_accept_slips(tmp_path: Path, change: dict[str, Any], code: int) -> None:
    described = compose()
    described["services"]["backend"] |= change
    file = tmp_path / "compose.yaml"
    file.write_text(yaml.safe_dump(described))
    command = [str(BIN_FOLDER / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(file)]
    assert subprocess.run(command, capture_output=True).returncode == code


@pytest.mark.parametrize("name", ALL_DOCKERFILES)
def test_an_image_has_a_user_without_rights_a_check_and_no_file_from_elsewhere(name: str) -> None:
    lines = lines_of(name)
    last = lines[max(number for number, line in enumerate(lines) if line.startswith("FROM")) :]
    assert "USER 10001:10001" in last
    assert any(line.startswith("HEALTHCHECK") for line in last)
    assert not any(line.startswith("ADD") or "latest" in line or "curl" in line for line in lines)


@pytest.mark.parametrize("name", ALL_DOCKERFILES)
def test_what_is_copied_is_there_and_not_ignored(name: str) -> None:
    let_in = [line[1:] for line in (PROJECT_ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    copied = [line.split()[1:-1] for line in lines_of(name) if line.startswith("COPY") and "--from" not in line]
    sources = [word for words in copied for word in words if not word.startswith("--")]
    assert sources
    for source in sources:
        assert (PROJECT_ROOT / source).exists(), source
        assert any(source == one or source.startswith(f"{one}/") for one in let_in), f"{source} is ignored"


def test_the_image_of_both_is_the_backend_with_the_page_at_another_port() -> None:
    alone = "\n".join(lines_of("Dockerfile_backend"))
    removed = "rm -r src/painting/serving/static && "
    assert removed in alone
    assert "\n".join(lines_of("Dockerfile")) == alone.replace(removed, "").replace("5000", "8080")


def test_compose_publishes_the_ports_of_the_thesis() -> None:
    ports = {name: service["ports"] for name, service in compose()["services"].items()}
    assert ports == {"backend": ["127.0.0.1:8001:5000"], "page": ["8080:8080"]}
    for service, name in (("backend", "Dockerfile_backend"), ("page", "Dockerfile_frontend")):
        assert f"EXPOSE {ports[service][0].split(':')[-1]}" in lines_of(name)
        assert compose()["services"][service]["build"]["dockerfile"] == name


@pytest.mark.parametrize("name", ["backend", "page"])
def test_compose_confines_every_service(name: str) -> None:
    service = compose()["services"][name]
    assert service["read_only"] and service["init"] and service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(mount.startswith("/tmp:size=") for mount in service["tmpfs"])
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}


def test_the_page_waits_for_a_backend_that_can_paint_and_outlives_it() -> None:
    services = compose()["services"]
    assert services["page"]["depends_on"] == {"backend": {"condition": "service_healthy"}}
    backend, page = (int(services[name]["stop_grace_period"].removesuffix("s")) for name in ("backend", "page"))
    drain = services["backend"]["environment"]["PAINTING_DRAIN_SECONDS"]
    assert drain == 5
    assert drain + Settings().grace_seconds < backend < page


def test_systemd_waits_for_a_graceful_shutdown() -> None:
    unit = (PROJECT_ROOT / "deploy" / "painting.service").read_text()
    (drain,) = re.findall(r"^Environment=PAINTING_DRAIN_SECONDS=(\d+)$", unit, re.MULTILINE)
    (stop,) = re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    assert int(drain) + Settings().grace_seconds < int(stop)


def test_no_flag_goes_before_the_variables_of_a_user() -> None:
    unit = (PROJECT_ROOT / "deploy" / "painting.service").read_text()
    assert re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE) == ["/opt/painting/bin/painting serve"]
    assert re.search(r"^Environment=PAINTING_HOST=127\.0\.0\.1 PAINTING_PORT=\d+$", unit, re.MULTILINE)
    for name, port in (("Dockerfile", 8080), ("Dockerfile_backend", 5000)):
        assert 'CMD ["serve"]' in lines_of(name)
        assert f"PAINTING_HOST=0.0.0.0 PAINTING_PORT={port}" in (PROJECT_ROOT / name).read_text()


@pytest.mark.parametrize("name", ["Dockerfile", "Dockerfile_backend", "deploy/painting.service"])
def test_a_server_returns_freed_memory_to_the_system(name: str) -> None:
    assert "MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=65536" in (PROJECT_ROOT / name).read_text()


@pytest.mark.parametrize("name", ALL_DOCKERFILES)
def test_health_is_checked_at_the_port_that_a_user_sets(name: str) -> None:
    (check,) = [line for line in lines_of(name) if line.startswith("HEALTHCHECK")]
    assert re.search(r'CMD \["healthy", "/[a-z]*"\]$', check)


def test_the_backend_trusts_the_page_server_alone() -> None:
    services, networks = compose()["services"], compose()["networks"]
    addresses = {name: service["networks"]["inside"]["ipv4_address"] for name, service in services.items()}
    assert services["backend"]["environment"]["PAINTING_TRUSTED_PROXIES"] == addresses["page"]
    (subnet,) = networks["inside"]["ipam"]["config"]
    assert all(ip_address(address) in ip_network(subnet["subnet"]) for address in addresses.values())


def test_the_page_passes_on_as_long_bodies_as_the_backend_reads() -> None:
    start = (PROJECT_ROOT / "deploy" / "page" / "start.sh").read_text()
    assert f"${{PAINTING_MAX_BODY_BYTES:-{Settings().max_body_bytes}}}" in start


def test_every_base_can_be_pinned_from_outside() -> None:
    for name in ALL_DOCKERFILES:
        bases = {line.split()[1] for line in lines_of(name) if line.startswith("FROM")}
        assert bases <= {"${DEBIAN}", "python"}
        default = next(line for line in lines_of(name) if line.startswith("ARG DEBIAN="))
        assert re.fullmatch(r"ARG DEBIAN=debian:[a-z]+-slim", default)
        assert all(service["build"]["args"].keys() == {"DEBIAN"} for service in compose()["services"].values())
