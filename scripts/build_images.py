"""Build the three images, run each as compose.yaml confines it, and report what works.

    python scripts/build_images.py                      # with docker, or podman where there is none
    python scripts/build_images.py --engine podman --sandbox /tmp/images

The first is for machines with an engine. The second needs neither an engine's service nor a registry, only root and
Debian's packages podman, runc, catatonit, aardvark-dns and mmdebstrap: the base is made of Debian's own packages, and
podman keeps all it has below that folder. Needs Python 3.11 and nothing else.
"""

import argparse
import json
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[1]
FILES = {"backend": "Dockerfile_backend", "page": "Dockerfile_frontend", "both": "Dockerfile"}
PORTS = {"backend": 5000, "page": 8080, "both": 8080}
MEMORY = {"backend": "1g", "page": "128m", "both": "1g"}
# As compose.yaml confines them.
CONFINED = ["--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--init"]
PROMPT = "/?input=a+red+rose&seed=7"
# What Debian's own image for containers leaves out, and that apt keeps no packages there.
SLIM = [
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
    '--aptopt=Dir::Cache::pkgcache ""',
    '--aptopt=Dir::Cache::srcpkgcache ""',
    '--aptopt=DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; }',
]


class Engine:
    """docker or podman, with the settings it needs where it runs."""

    def __init__(self, name: str, environment: dict[str, str]) -> None:
        self.name = name
        self.environment = os.environ | environment

    def __call__(self, *words: str) -> str:
        """Run a command; gives what it printed, or ends the script with its output."""
        done = self.attempt(*words)
        if done.returncode:
            sys.exit(f"{self.name} {' '.join(words)}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        return done.stdout.strip()

    def attempt(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command that may fail."""
        return subprocess.run([self.name, *words], capture_output=True, text=True, env=self.environment, cwd=ROOT)

    def healthy(self, container: str) -> bool:
        """Whether the image's own health check passes: docker runs it by itself, podman on demand."""
        if self.name == "podman":
            return self.attempt("healthcheck", "run", container).returncode == 0
        return self("inspect", "--format", "{{.State.Health.Status}}", container) == "healthy"


def sandboxed(folder: Path) -> dict[str, str]:
    """Settings for podman in a container of its own: storage in a folder, and no limit that would have to be raised."""
    folder.mkdir(parents=True, exist_ok=True)
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    ulimits = f'default_ulimits = ["nofile={files}:{files}", "nproc=4096:4096"]'
    settings = {
        "CONTAINERS_CONF": f'[containers]\n{ulimits}\n[engine]\nruntime = "runc"\n',
        "CONTAINERS_STORAGE_CONF": (
            f'[storage]\ndriver = "overlay"\ngraphroot = "{folder}/storage"\nrunroot = "{folder}/run"\n'
        ),
    }
    for name, text in settings.items():
        (folder / name).write_text(text)
    return {name: str(folder / name) for name in settings}


def bootstrap(engine: Engine, name: str, folder: Path) -> None:
    """Make the base of Debian's packages, under the name that the Dockerfiles begin from."""
    archive = folder / "base.tar"
    if not archive.exists():
        suite = name.rpartition(":")[2].removesuffix("-slim")
        subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", *SLIM, suite, archive], check=True)
    engine("import", str(archive), f"docker.io/library/{name}")


def build(engine: Engine, options: argparse.Namespace) -> None:
    """Build all images from the Dockerfiles as they are, and print their sizes."""
    given = [f"--build-arg=DEBIAN={options.debian}"]
    given += [f"--secret=id={name},src={path}" for name, path in options.secret]
    given += ["--format=docker"] if engine.name == "podman" else []  # its own format has no health check
    given += ["--pull-never"] if options.sandbox else []
    for image, file in FILES.items():
        begun = time.monotonic()
        engine("build", *given, "--file", file, "--tag", f"painting-{image}", ".")
        size = int(engine("image", "inspect", "--format", "{{.Size}}", f"painting-{image}")) / 1e6
        say(f"built painting-{image} in {time.monotonic() - begun:.0f} s: {size:.0f} MB")


class Service:
    """What answers at an address."""

    def __init__(self, address: str) -> None:
        self.address = address

    def get(self, path: str, accept: str = "*/*") -> tuple[int, dict[str, str], bytes]:
        """Send a request: status, headers and body."""
        try:
            with urlopen(Request(self.address + path, headers={"Accept": accept}), timeout=60) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except HTTPError as error:
            return error.code, dict(error.headers), error.read()
        except (OSError, HTTPException):  # nothing listens there yet
            return 0, {}, b""


class Container(Service):
    """An image that runs confined, on a port of this machine."""

    def __init__(self, engine: Engine, image: str, *options: str) -> None:
        self.engine, self.image, self.name = engine, image, f"painting-try-{image}"
        engine.attempt("rm", "--force", self.name)
        limits = [f"--memory={MEMORY[image]}", "--pids-limit=256", f"--publish=127.0.0.1::{PORTS[image]}"]
        engine("run", "--detach", f"--name={self.name}", *CONFINED, *limits, *options, f"painting-{image}")
        super().__init__("http://" + engine("port", self.name, f"{PORTS[image]}/tcp").splitlines()[0])

    def shell(self, command: str) -> str:
        """What a command prints in the container, or nothing when it fails."""
        return self.engine.attempt("exec", self.name, "sh", "-c", command).stdout.strip()

    def must_be_confined(self) -> None:
        """Without rights, on a disk that it cannot write, and with nothing to build or train with."""
        status = dict(
            line.split(":\t", 1) for line in self.shell("cat /proc/self/status").splitlines() if ":\t" in line
        )
        check(self.shell("id -u") == "10001", f"{self.image}: runs as user 10001")
        check(int(status["CapEff"], 16) == 0, f"{self.image}: has no capability")
        check(status["NoNewPrivs"] == "1", f"{self.image}: can gain no privileges")
        disk = self.shell("awk '$2 == \"/\" { print $4 }' /proc/mounts")
        check(disk.split(",")[0] == "ro", f"{self.image}: has a read-only disk")
        check(not self.shell("command -v gcc cc g++ clang make pip"), f"{self.image}: has no compiler and no pip")
        torch = self.shell("find / -xdev -maxdepth 7 -name torch -o -xdev -maxdepth 7 -name 'onnxscript*'")
        check(not torch, f"{self.image}: has no torch")

    def must_leave(self) -> None:
        """Stopped as engines stop containers, it leaves by itself."""
        begun = time.monotonic()
        self.engine("stop", "--time=15", self.name)
        code = self.engine("inspect", "--format", "{{.State.ExitCode}}", self.name)
        check(code == "0", f"{self.image}: left with exit code {code} {time.monotonic() - begun:.1f} s after SIGTERM")
        self.engine("rm", self.name)


def try_page_alone(engine: Engine) -> None:
    """The page without a backend anywhere: it shows, and a request to paint gets an error that says what is missing."""
    page = Container(engine, "page")
    check(within(10, lambda: engine.healthy(page.name)), "page alone: healthy without a backend")
    status, headers, body = page.get("/", "text/html")
    check(status == 200 and b"<!doctype html" in body[:20], "page alone: shows the page")
    check("frame-ancestors 'none'" in headers["Content-Security-Policy"], "page alone: sends its security headers")
    status, headers, body = page.get(PROMPT)
    check(status == 503 and "Retry-After" in headers and "error" in json.loads(body), "page alone: 503 to a prompt")
    page.must_leave()


def try_together(engine: Engine) -> None:
    """The page in front of the API: five pictures through either, the very same ones."""
    engine.attempt("network", "create", "painting-try")
    backend = Container(engine, "backend", "--network=painting-try", "--network-alias=backend")
    page = Container(engine, "page", "--network=painting-try")
    check(within(60, lambda: engine.healthy(backend.name)), "backend: healthy")
    check(within(20, lambda: page.get("/readyz")[0] == 200), "page: reaches the backend by its name")
    five, same = (json.loads(one.get(PROMPT)[2])["images"] for one in (backend, page))
    check(len(set(five)) == 5 and five == same, "five pictures by the API, and the same five through the page's server")
    for container in (backend, page):
        container.must_be_confined()
    first = engine("inspect", "--format", "{{.State.StartedAt}}", backend.name)
    engine("restart", backend.name)
    check(engine("inspect", "--format", "{{.State.StartedAt}}", backend.name) != first, "backend: was started anew")
    check(within(60, lambda: page.get(PROMPT)[0] == 200), "page: finds the backend that was started anew")
    for container in (page, backend):
        container.must_leave()
    engine("network", "rm", "painting-try")


def try_both(engine: Engine) -> None:
    """One image with both."""
    both = Container(engine, "both")
    check(within(60, lambda: engine.healthy(both.name)), "both: healthy")
    status, _, body = both.get("/", "text/html")
    check(status == 200 and b"<!doctype html" in body[:20], "both: shows the page")
    check(len(json.loads(both.get(PROMPT)[2])["images"]) == 5, "both: paints five pictures")
    both.must_be_confined()
    both.must_leave()


def try_compose(engine: Engine) -> None:
    """compose.yaml as it is, if there is a compose and its two ports are free."""
    compose = ["docker", "compose"] if engine.name == "docker" else ["podman-compose"]
    if not found(compose[0]) or any(listening(port) for port in (8080, 8001)):
        say(f"not tried: {' '.join(compose)}, which is missing here, or a port of compose.yaml's is taken")
        return

    def say_to(*words: str) -> None:
        subprocess.run([*compose, *words], capture_output=True, env=engine.environment, cwd=ROOT, check=True)

    say_to("up", "--detach", "--no-build")
    page, backend = Service("http://127.0.0.1:8080"), Service("http://127.0.0.1:8001")
    check(within(60, lambda: page.get("/readyz")[0] == 200), "compose: the page's server reaches the backend")
    five, same = (json.loads(one.get(PROMPT)[2])["images"] for one in (backend, page))
    check(len(set(five)) == 5 and five == same, "compose: the same five pictures at 8080 and at 8001")
    say_to("down")


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Whether a condition becomes true in time."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.3)
    return True


def check(holds: bool, what: str) -> None:
    """Say that something holds, or end the script with it."""
    if not holds:
        sys.exit(f"NOT SO: {what}")
    say(f"ok: {what}")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=("docker", "podman"), default="docker" if found("docker") else "podman")
    parser.add_argument("--debian", default="debian:trixie-slim", help="the base, with a digest if you like")
    parser.add_argument("--sandbox", type=Path, help="make the base here, and keep podman's storage in this folder")
    parser.add_argument(
        "--secret", type=pair, action="append", default=[], metavar="ID=FILE", help="pip.conf=FILE or ca.pem=FILE"
    )
    return parser.parse_args()


def pair(text: str) -> tuple[str, str]:
    name, _, path = text.partition("=")
    return name, path


def found(command: str) -> bool:
    return any((Path(folder) / command).is_file() for folder in os.environ["PATH"].split(os.pathsep))


def main() -> None:
    options = parse()
    engine = Engine(options.engine, sandboxed(options.sandbox) if options.sandbox else {})
    if options.sandbox:
        bootstrap(engine, options.debian, options.sandbox)
    build(engine, options)
    for trial in (try_page_alone, try_together, try_both, try_compose):
        trial(engine)


if __name__ == "__main__":
    main()
