"""Sites of tiny painters, and a built page of a few bytes."""

from pathlib import Path

import pytest

BUILT_PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <link rel="icon" href="./assets/favicon-1.svg" type="image/svg+xml" />
    <title>Painting with Neural Nets</title>
    <script type="module" crossorigin src="./assets/index-1.js"></script>
  </head>
  <body></body>
</html>
"""


@pytest.fixture
def built_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a built page, which sites are made with."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(BUILT_PAGE)
    (folder / "assets" / "index-1.js").write_text("export {}")
    (folder / "assets" / "favicon-1.svg").write_text("<svg/>")
    monkeypatch.setattr("painting.site.page.BUILT_PAGE_FOLDER", folder)
    return folder
