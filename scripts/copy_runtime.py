"""Copy ONNX Runtime for WebAssembly, and the licences of all that the page is made of, from the frontend's packages.

    python -m scripts.copy_runtime

`painting site` writes both into each site. Run it after `npm ci` in frontend, with another version of any dependency.
"""

import gzip
import json
from pathlib import Path

import onnxruntime  # type: ignore[import-untyped]

from painting.atomic_file import write_atomic, write_json_atomic
from painting.files.archive import sha256
from painting.site.build import RUNTIME_FILE
from painting.site.licences import PAGE_LICENCES, titled

ROOT = Path(__file__).parents[1]
FRONTEND_FOLDER = ROOT / "frontend"
MODULES_FOLDER = FRONTEND_FOLDER / "node_modules"
RUNTIME_PACKAGE = "onnxruntime-web"
MODULE_FILE = MODULES_FOLDER / RUNTIME_PACKAGE / "dist" / RUNTIME_FILE.stem
DESCRIPTION_FILE = RUNTIME_FILE.parent / "runtime.json"


def main() -> None:
    """Write the WebAssembly module, gzipped, what it is, and the licences."""
    package = package_json(RUNTIME_PACKAGE)
    module = MODULE_FILE.read_bytes()
    origin = {"package": package["name"], "version": package["version"], "licence": package["license"]}
    write_atomic(RUNTIME_FILE, gzip.compress(module, 9, mtime=0))
    write_json_atomic(DESCRIPTION_FILE, {**origin, "sha256": sha256(module)})
    write_atomic(PAGE_LICENCES, page_licences().encode())


def package_json(name: str) -> dict[str, str]:
    """The description of an installed package."""
    described: dict[str, str] = json.loads((MODULES_FOLDER / name / "package.json").read_text(encoding="utf-8"))
    return described


def page_licences() -> str:
    """The project's licence, and those of the page's packages, each with its name and version."""
    page = json.loads((FRONTEND_FOLDER / "package.json").read_text(encoding="utf-8"))
    parts = [titled("Painting with Neural Nets (MIT)", (ROOT / "LICENSE").read_text(encoding="utf-8"))]
    for name in sorted(page["dependencies"]):
        package = package_json(name)
        # ONNX Runtime's package for browsers comes without its licence, that for Python with it.
        folder = Path(onnxruntime.__file__).parent if name == RUNTIME_PACKAGE else MODULES_FOLDER / name
        title = f"{name} {package['version']} ({package['license']})"
        parts.append(titled(title, (folder / "LICENSE").read_text(encoding="utf-8")))
    return "\n".join(parts)


if __name__ == "__main__":
    main()
