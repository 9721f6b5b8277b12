"""A fresh home and temporary folder for commands, and what they and their dependencies leave, resolve and print."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

# Python's own calls of the network are seen by an audit hook, those of native code by strace, where it is installed.
AUDIT_HOOK = """
import os, sys

def record(event, arguments):
    if event not in {"socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto"}:
        return
    address = arguments[1] if event in {"socket.connect", "socket.sendto"} else arguments
    if not isinstance(address, tuple) or address[0] in {"127.0.0.1", "::1", "localhost"}:
        return
    with open(os.environ["NETWORK_LOG"], "a") as log:
        print(event, address, file=log)

sys.addaudithook(record)
"""
PROGRESS_LINE = re.compile(r"[\w ,:-]+(: [\d,]+( of [\d,]+)?(, [\w :]+ left)?| …)")  # of tasks that take long


class FreshHome:
    """An empty home and temporary folder, and what processes leave there."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.temporary = folder / "tmp"
        self.log = folder / "network.log"
        self.trace = folder / "trace"
        hook = folder / "hook"
        for created in (self.home, self.temporary, hook):
            created.mkdir(parents=True)
        (hook / "sitecustomize.py").write_text(AUDIT_HOOK)
        self.environment = {
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "NETWORK_LOG": str(self.log),
            "PYTHONPATH": os.pathsep.join([str(hook), str(Path(__file__).parents[2] / "src")]),
            "PATH": "/usr/bin:/bin",
            "OMP_NUM_THREADS": "1",
        }

    def run(self, folder: Path, *arguments: str) -> None:
        """Run Python in a folder, without a network where that can be had; it must end well and be quiet."""
        command = [*self._isolated(), sys.executable, *arguments]
        done = subprocess.run(command, cwd=folder, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        self.assert_quiet(done.stderr)

    def assert_quiet(self, stderr: str) -> None:
        """Nothing was printed but progress, no host resolved, no file left but in our own cache."""
        lines = [line for line in stderr.splitlines() if not PROGRESS_LINE.fullmatch(line)]
        assert (lines, self._lookups(), self._strange_files()) == ([], [], [])

    def _isolated(self) -> list[str]:
        prefix = []
        if subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode == 0:
            prefix += ["unshare", "-rn"]
        if shutil.which("strace"):
            prefix += ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=connect", "-o", str(self.trace)]
        return prefix

    def _lookups(self) -> list[str]:
        """Every resolution of a host's name and every connection to one, beside this machine itself."""
        seen = self.log.read_text().splitlines() if self.log.exists() else []
        traced = self.trace.read_text().splitlines() if self.trace.exists() else []
        return seen + [line for line in traced if "AF_INET" in line and '"127.0.0.1"' not in line]

    def _strange_files(self) -> list[str]:
        """Whatever is in the home but in our own cache, and temporary files."""
        cache = self.home / ".cache" / "painting"
        found = [path for path in self.home.rglob("*") if cache not in path.parents]
        left = [path for path in self.temporary.rglob("*") if path.is_file()]
        return [str(path) for path in [*found, *left] if path not in {cache, cache.parent}]
