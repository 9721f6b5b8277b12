"""A static site under many visitors, beside the API under as many clients.

    python -m benchmarks.static_site [--clients 1000] [--seconds 10] [--painter NAME] [--json FILE]

nginx serves the folder that `painting site` writes. Its clients request the page, its index and its scripts in turns,
each over one kept connection; those of the API, after them, a picture each (`GET /?input=…&count=1`).
"""

import argparse
import asyncio
import json
import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.load import BrokenAnswer, Connection, Load, Plan, run
from benchmarks.servers import free_port, painting_server, wait_until_ready

from painting.onnx_session import available_cores
from painting.site.build import StaticSite, build_site
from painting.site.writer import write_site

PAGE_TIMEOUT_SECONDS = 60.0
RETRY_SECONDS = 0.1
NGINX_CONFIG = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log stderr crit;
worker_processes 1;
worker_rlimit_nofile 16384;
events {{ worker_connections 8192; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    open_file_cache max=100;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        root {folder}/site;
    }}
}}
"""


def visited(site: StaticSite) -> list[str]:
    """Paths of what every visit requests or revalidates: the page, its index, its scripts and styles."""
    assets = [file.address for file in site.files if file.address.startswith("assets/")]
    return ["/", "/site.json", *(f"/{address}" for address in assets if address.endswith((".js", ".css")))]


@contextmanager
def nginx(site: StaticSite) -> Iterator[str]:
    """Serve a site's folder by nginx with one worker: gives its address."""
    with tempfile.TemporaryDirectory(prefix="painting-site-") as name:
        folder = Path(name)
        write_site(site.files, folder / "site")
        port = free_port()
        user = "user root;" if os.geteuid() == 0 else ""  # or its worker could not read the folder
        config = folder / "nginx.conf"
        config.write_text(NGINX_CONFIG.format(folder=folder, port=port, user=user))
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        process = subprocess.Popen([program, "-e", "stderr", "-p", str(folder), "-c", str(config)])
        address = f"http://127.0.0.1:{port}"
        try:
            if not wait_until_ready(f"{address}/site.json", process):
                raise SystemExit("nginx did not start")
            yield address
        finally:
            process.terminate()
            process.wait()


def visit(address: str, paths: list[str], plan: Plan) -> Load:
    """Run a plan's clients on files; a response counts as a load's picture does."""
    return asyncio.run(_visitors(address, paths, plan))


async def _visitors(address: str, paths: list[str], plan: Plan) -> Load:
    processor_begun, now = time.process_time(), time.monotonic()
    load = Load(plan.clients, now + plan.ramp_seconds, now + plan.ramp_seconds + plan.seconds)
    await asyncio.gather(*(_visitor(address, paths, first, load) for first in range(plan.clients)))
    load.client_seconds = time.process_time() - processor_begun
    return load


async def _visitor(address: str, paths: list[str], number: int, load: Load) -> None:
    connection = Connection(address)
    while (begun := time.monotonic()) < load.ended:
        load.requests += 1
        try:
            answer = await asyncio.wait_for(connection.get(paths[number % len(paths)]), PAGE_TIMEOUT_SECONDS)
            if answer.status != 200:
                raise BrokenAnswer
            now = time.monotonic()
            load.note(now, now - begun, 1)
        except (OSError, EOFError, ValueError, BrokenAnswer) as error:
            load.errors[type(error).__name__] += 1
            connection.close()
            await asyncio.sleep(RETRY_SECONDS)
        number += 1
    connection.close()


def row(name: str, load: Load) -> str:
    """A line of the report's table."""
    failures = sum(load.errors.values())
    latencies = f"{1000 * load.latency(0.5):.0f} | {1000 * load.latency(0.99):.0f}"
    rejected = sum(load.rejected.values())
    return f"| {name} | {load.clients} | {load.pictures_per_second:.0f} | {latencies} | {rejected} | {failures} |"


def measure(painter: str, plan: Plan) -> dict[str, Load]:
    """Run the clients on the site's files, then on the API."""
    site = build_site([painter])
    with nginx(site) as address:
        files = visit(address, visited(site), plan)
    with painting_server(painter) as server:
        api = run(server.address, plan)
    return {"static site, nginx": files, "API, painting serve": api}


def allow_connections(count: int) -> None:
    """Let this process open so many connections, as far as the system does."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, count + 200), most))


def main() -> None:
    """Measure, print the report as a Markdown table, and write the JSON file."""
    parser = argparse.ArgumentParser(description="A static site under many visitors, beside the API.")
    parser.add_argument("--clients", type=int, default=1000, help="clients at once (default: 1000)")
    parser.add_argument("--seconds", type=float, default=10, help="seconds of each measurement (default: 10)")
    parser.add_argument("--painter", default="flowers", help="a bundled painter's name or a file (default: flowers)")
    parser.add_argument("--json", type=Path, help="also write what was found as JSON")
    options = parser.parse_args()
    allow_connections(options.clients)
    plan = Plan(options.clients, count=1, ramp_seconds=2, seconds=options.seconds)
    found = measure(options.painter, plan)
    print(f"{available_cores()} cores, shared with the clients\n")
    print("| side | clients | answers/s | p50 ms | p99 ms | rejected | failures |\n|---|---|---|---|---|---|---|")
    print("\n".join(row(name, load) for name, load in found.items()))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2, default=vars) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
