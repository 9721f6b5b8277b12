"""Graceful shutdown under load: SIGTERMs sent to `painting serve`, and the requests that clients lose by them.

    python -m benchmarks.drain [--proxy] [--instances 2] [--restarts 50] [--clients 30] [--painter NAME]

Without a proxy, one server is stopped and started again while clients ask it directly. With `--proxy`, the page's nginx
stands in front of several servers, of which one after the other is stopped and started again (a rolling restart).
"""

import argparse
import asyncio
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.load import Answer, BrokenAnswer, Connection
from benchmarks.servers import STOP_TIMEOUT_SECONDS, free_port, wait_until_ready

NGINX_FOLDER = Path(__file__).parents[1] / "deploy" / "page"
LOAD_SECONDS = 1.0  # under load before each SIGTERM
ANSWER_SECONDS = 60.0
DEADLINE_SECONDS = "60"
RETRY_SECONDS = 0.05
UNPRIVILEGED_UID = 65_534
NOT_LOST = ("answered", "rejected", "refused")


class Instance:
    """`painting serve` on a port of its own, which is the same after each restart."""

    def __init__(self, painter: str) -> None:
        self.port = free_port()
        self._command = [sys.executable, "-m", "painting", "serve", "--painter", painter, "--port", str(self.port)]
        # No request is rejected because clients keep the server busy: each 503 is one of the restart.
        self._environment = os.environ | {"PAINTING_LOG_LEVEL": "error", "PAINTING_DEADLINE_SECONDS": DEADLINE_SECONDS}
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the server, and wait until it can paint."""
        self.process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, env=self._environment)
        if not wait_until_ready(f"{self.address}/readyz", self.process):
            raise SystemExit(f"the server did not start: {' '.join(self._command)}")

    def stop(self) -> float:
        """Send SIGTERM and wait for exit code 0; gives the seconds that took."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(STOP_TIMEOUT_SECONDS)
        if code != 0:
            raise SystemExit(f"the server ended with code {code}")
        return time.monotonic() - begun

    def close(self) -> None:
        """Stop the server, if it still runs."""
        self.process.terminate()
        self.process.wait()


class Clients:
    """Clients that each send one request after the other; every second one keeps its connection.

    `outcomes` counts requests: "answered", "rejected" (503 with Retry-After), "refused" (no server listened), and
    everything else, which is lost: "wrong …" or how the connection ended before a whole answer.
    """

    def __init__(self, address: str, count: int) -> None:
        self.outcomes: Counter[str] = Counter()
        self._address = address
        self._numbers = itertools.count()
        self._stopped = False
        self._count = count
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Clients":
        self._tasks = [asyncio.create_task(self._repeat(number % 2 == 0)) for number in range(self._count)]
        return self

    async def __aexit__(self, *problem: object) -> None:
        self._stopped = True
        await asyncio.gather(*self._tasks)

    async def _repeat(self, keep_alive: bool) -> None:
        connection = Connection(self._address, retry_stale=False)
        while not self._stopped:
            outcome = await self._outcome(connection)
            self.outcomes[outcome] += 1
            if outcome != "answered":
                await asyncio.sleep(RETRY_SECONDS)
            if outcome != "answered" or not keep_alive:
                connection.close()
        connection.close()

    async def _outcome(self, connection: Connection) -> str:
        number = next(self._numbers)
        kept = connection.is_open
        try:
            answer = await asyncio.wait_for(self._request(connection, number), ANSWER_SECONDS)
        except ConnectionRefusedError:
            return "refused"
        except (OSError, EOFError, BrokenAnswer) as error:
            return f"{type(error).__name__} on a {'kept' if kept else 'new'} connection"
        if answer.status == 200 and (b'"images"' in answer.body or b'"b64_json"' in answer.body):
            return "answered"
        return "rejected" if answer.status == 503 and b"retry-after" in answer.headers else f"wrong {answer.status}"

    @staticmethod
    async def _request(connection: Connection, number: int) -> Answer:
        """Send GET and POST in turns, as proxies repeat the latter on another server only by configuration."""
        if number % 2:
            body = json.dumps({"prompt": "a rose", "n": 1, "seed": number})
            return await connection.post("/v1/images/generations", body)
        return await connection.get(f"/?input=a+rose&count=1&seed={number}")


@contextmanager
def nginx(backends: list[Instance]) -> Iterator[str]:
    """The page's nginx in front of servers: gives its address."""
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "page").mkdir()
        shutil.copy(NGINX_FOLDER / "nginx.conf", folder)
        servers = " ".join(f"server 127.0.0.1:{backend.port} max_fails=0;" for backend in backends)
        (folder / "settings.conf").write_text(
            f"root '{folder}/page';\n"
            "client_max_body_size 262144;\n"
            f"upstream backends {{ {servers} }}\n"
            "map $host $backend { default backends; }\n"
        )
        (folder / "listen.conf").write_text(f"listen 127.0.0.1:{port};\n")
        subprocess.run(["chmod", "-R", "a+rwX", name], check=True)
        command = ["nginx", "-p", f"{name}/", "-c", f"{name}/nginx.conf", "-e", "stderr", "-g", "daemon off;"]
        user = UNPRIVILEGED_UID if os.geteuid() == 0 else None
        log = folder / "log"
        log.touch()
        log.chmod(0o666)
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output, user=user)
        try:
            if not wait_until_ready(f"http://127.0.0.1:{port}/readyz", process):
                raise SystemExit(f"nginx did not start: {log.read_text()}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


async def restart_each(instances: list[Instance], restarts: int, clients: Clients) -> list[float]:
    """Stop and start one server after the other under load; gives the seconds that each stop took."""
    seconds = []
    for number in range(restarts):
        instance = instances[number % len(instances)]
        await asyncio.sleep(LOAD_SECONDS)
        seconds.append(await asyncio.to_thread(instance.stop))
        print(number + 1, f"{seconds[-1]:.1f}s", dict(clients.outcomes), file=sys.stderr, flush=True)
        await asyncio.to_thread(instance.start)
    return seconds


def lost(outcomes: Counter[str]) -> int:
    """Count the requests whose client got neither a picture nor a reason to come again."""
    return sum(outcomes.values()) - sum(outcomes[kind] for kind in NOT_LOST)


async def run(address: str, instances: list[Instance], options: argparse.Namespace) -> None:
    async with Clients(address, options.clients) as clients:
        seconds = await restart_each(instances, options.restarts, clients)
        await asyncio.sleep(LOAD_SECONDS)
    sent = sum(clients.outcomes.values())
    print(f"{options.restarts} SIGTERMs, {options.clients} clients: {sent} requests, {lost(clients.outcomes)} lost")
    for outcome, count in sorted(clients.outcomes.items()):
        print(f"  {outcome}: {count}")
    print(f"  a stop took {sorted(seconds)[len(seconds) // 2]:.1f} s (median), {max(seconds):.1f} s at most")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Requests that clients lose when `painting serve` is stopped.")
    parser.add_argument("--painter", default="flowers", help="a bundled painter's name or a painter file")
    parser.add_argument("--proxy", action="store_true", help="put the page's nginx in front")
    parser.add_argument("--instances", type=int, default=2, help="servers behind the proxy (default: 2)")
    parser.add_argument("--restarts", type=int, default=50, help="SIGTERMs (default: 50)")
    parser.add_argument("--clients", type=int, default=30, help="clients (default: 30)")
    return parser.parse_args()


def main() -> None:
    """Restart servers under load, and print what clients got."""
    options = parse()
    instances = [Instance(options.painter) for _ in range(options.instances if options.proxy else 1)]
    try:
        if options.proxy:
            with nginx(instances) as address:
                asyncio.run(run(address, instances, options))
        else:
            asyncio.run(run(instances[0].address, instances, options))
    finally:
        for instance in instances:
            instance.close()


if __name__ == "__main__":
    main()
