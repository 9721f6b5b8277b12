"""The page of a static site: the built one with tags, and what makes it installable."""

from html import escape
from pathlib import Path
from typing import Any

from painting.errors import InvalidRequest
from painting.site.files import SiteFile, json_bytes

BUILT_PAGE_FOLDER = Path(__file__).parents[1] / "serving" / "static"
PAGE_FILE = "index.html"
CHARSET_TAG = '<meta charset="utf-8" />'
PAGE_TITLE = "Painting with Neural Nets"
PAGE_DESCRIPTION = "Type a prompt, and a small neural network paints it, in your browser."
# A host of static files sets no headers. The page's own: scripts, styles and files of its origin alone.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'none'"
)
ICON_ADDRESS = "icon.svg"
MANIFEST_ADDRESS = "manifest.webmanifest"
PAGE_COLOR = "#f1f0ee"


def page_files(preview: str) -> list[SiteFile]:
    """The built page with its assets, manifest and icon; `preview`: the address of the picture of link previews.

    Raises InvalidRequest where the page is not built.
    """
    paths = [path for path in BUILT_PAGE_FOLDER.rglob("*") if path.is_file()]
    built = {path.relative_to(BUILT_PAGE_FOLDER).as_posix(): path for path in paths}
    if PAGE_FILE not in built:
        raise InvalidRequest("the page is not built: run `npm ci && npm run build` in frontend")
    page = built.pop(PAGE_FILE).read_text(encoding="utf-8")
    assets = [SiteFile(name, path.read_bytes()) for name, path in sorted(built.items())]
    return [
        SiteFile(PAGE_FILE, with_tags(page, preview).encode()),
        SiteFile(MANIFEST_ADDRESS, json_bytes(_manifest())),
        SiteFile(ICON_ADDRESS, next(file.content for file in assets if file.address.endswith(".svg"))),
        *assets,
    ]


def with_tags(page: str, preview: str) -> str:
    """The built page's HTML with the tags of a static site."""
    # The character set first: browsers search it in the first 1024 bytes alone.
    first = [
        CHARSET_TAG,
        f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_SECURITY_POLICY}" />',
        '<meta name="painting-engine" content="browser" />',
    ]
    last = [
        *(f'<meta property="{name}" content="{escape(value)}" />' for name, value in _preview(preview).items()),
        f'<link rel="manifest" href="./{MANIFEST_ADDRESS}" />',
    ]
    begun = page.replace(CHARSET_TAG, "\n    ".join(first), 1)
    return begun.replace("</head>", "".join(f"  {tag}\n  " for tag in last) + "</head>", 1)


def _preview(picture: str) -> dict[str, str]:
    return {
        "og:type": "website",
        "og:title": PAGE_TITLE,
        "og:description": PAGE_DESCRIPTION,
        "og:image": f"./{picture}",
    }


def _manifest() -> dict[str, Any]:
    return {
        "name": PAGE_TITLE,
        "short_name": "Painting",
        "description": PAGE_DESCRIPTION,
        "start_url": ".",
        "display": "standalone",
        "background_color": PAGE_COLOR,
        "theme_color": PAGE_COLOR,
        "icons": [{"src": ICON_ADDRESS, "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
