"""Downloads are checked and leave nothing behind when they fail: against a server of the test's own."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from painting.evaluation.extractors.base import WeightsMissing
from painting.evaluation.extractors.downloads import PublishedFile, find_weights

CONTENT = bytes(range(256)) * 20_000


@dataclass
class Server:
    """Answers with CONTENT, or with its first half and a hang-up; counts the requests."""

    url: str
    requests: int = 0
    hangs_up: bool = False


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.requests += 1
            if self.path != "/weights.pth":
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT[: len(CONTENT) // 2] if state.hangs_up else CONTENT)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        state = Server(f"http://127.0.0.1:{http.server_address[1]}/weights.pth")
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield state
        http.shutdown()
        thread.join()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PAINTING_CACHE", str(tmp_path))
    return tmp_path / "weights"


@pytest.fixture
def published(server: Server) -> PublishedFile:
    return PublishedFile("w-1234.pth", server.url, hashlib.sha256(CONTENT).hexdigest(), 5)


def silent(what: str, done: int, total: int) -> None:
    """A progress callback that does nothing."""


def test_weights_are_downloaded_once_with_progress_and_kept(
    published: PublishedFile, server: Server, cache: Path
) -> None:
    reports: list[tuple[str, int, int]] = []
    path = find_weights(published, None, True, lambda *report: reports.append(report))
    assert path == cache / "w-1234.pth"
    assert path.read_bytes() == CONTENT
    assert reports[-1] == (f"downloading w-1234.pth from {server.url}", len(CONTENT), len(CONTENT))
    assert find_weights(published, None, True, silent) == path
    assert find_weights(published, None, False, silent) == path
    assert server.requests == 1
    assert list(cache.iterdir()) == [path]


def test_what_has_another_hash_is_not_kept(published: PublishedFile, cache: Path) -> None:
    other = replace(published, sha256="0" * 64)
    with pytest.raises(WeightsMissing, match="its SHA-256 is not the published one"):
        find_weights(other, None, True, silent)
    assert list(cache.iterdir()) == []


def test_a_download_that_is_cut_short_leaves_nothing_and_can_be_made_again(
    published: PublishedFile, server: Server, cache: Path
) -> None:
    server.hangs_up = True
    with pytest.raises(WeightsMissing, match="cannot be downloaded") as problem:
        find_weights(published, None, True, silent)
    assert "2,560,000 of 5,120,000 bytes" in str(problem.value)
    assert list(cache.iterdir()) == []
    server.hangs_up = False
    assert find_weights(published, None, True, silent).read_bytes() == CONTENT


def test_a_download_that_is_interrupted_leaves_nothing(published: PublishedFile, cache: Path) -> None:
    def interrupt(what: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find_weights(published, None, True, interrupt)
    assert list(cache.iterdir()) == []


def test_a_damaged_file_in_the_cache_is_fetched_anew(published: PublishedFile, cache: Path) -> None:
    cache.mkdir()
    (cache / published.name).write_bytes(b"not all of it")
    assert find_weights(published, None, True, silent).read_bytes() == CONTENT


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/weights.pth", "no address"])
def test_without_a_network_it_says_what_to_fetch_and_where_to_put_it(
    published: PublishedFile, cache: Path, url: str
) -> None:
    with pytest.raises(WeightsMissing) as problem:
        find_weights(replace(published, url=url), None, True, silent)
    assert f"download {url} (5 MB) where there is a network and put it there: {cache / 'w-1234.pth'}" in str(
        problem.value
    )


def test_nothing_is_downloaded_against_the_user_s_will(published: PublishedFile, server: Server, cache: Path) -> None:
    with pytest.raises(WeightsMissing, match=r"w-1234.pth is not here: download http"):
        find_weights(published, None, False, silent)
    assert server.requests == 0


def test_a_missing_page_is_reported(published: PublishedFile, server: Server, cache: Path) -> None:
    with pytest.raises(WeightsMissing, match="404"):
        find_weights(replace(published, url=f"{server.url}.gone"), None, True, silent)


def test_a_given_file_is_taken_as_it_is_and_must_be_there(published: PublishedFile, tmp_path: Path) -> None:
    given = tmp_path / "mine.pth"
    with pytest.raises(WeightsMissing, match=r"there is no file .*mine\.pth: download http"):
        find_weights(published, given, True, silent)
    given.write_bytes(b"mine")
    assert find_weights(published, given, False, silent) == given
