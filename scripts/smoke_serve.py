"""Smoke test of a system: starts `painting serve`, asks for pictures and the page, and stops it."""

import json
import re
import subprocess
import sys
import urllib.request

TIMEOUT_SECONDS = 60


def get(address: str, accept: str = "application/json") -> bytes:
    request = urllib.request.Request(address, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
        content: bytes = response.read()
        return content


def main() -> None:
    command = [sys.executable, "-m", "painting", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            print(line, end="")
            found = re.search(r"http://\S+", line)
            assert found, "the server printed no address"
            pictures = json.loads(get(f"{found[0]}/?input=a%20red%20rose&seed=7"))["images"]
            assert len(pictures) == 5, f"{len(pictures)} pictures instead of 5"
            assert b"<html" in get(found[0], "text/html"), "there is no page"
        finally:
            server.terminate()
    print("It paints, and has its page.")


if __name__ == "__main__":
    main()
