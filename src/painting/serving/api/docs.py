"""`/docs`: the OpenAPI document as a page of plain HTML, without scripts or files of other servers."""

import json
import re
from typing import Any

from apiflask import APIBlueprint, APIFlask
from flask import Response, current_app, render_template

blueprint = APIBlueprint("docs", __name__, enable_openapi=False, template_folder="docs_templates")
STYLE_FILE = "docs.css"
EXAMPLE_NAME = "flowers"  # of a painter
EXAMPLE_QUERIES = {"/": "?input=a%20red%20rose", "/v1/pictures": "?prompt=a%20red%20rose&seed=7"}
EXAMPLE_BODIES: dict[str, dict[str, Any]] = {
    "/v1/embeddings": {"input": "a red rose"},
    "/v1/morphs": {"prompt": "a red rose", "to_prompt": "a white daisy", "seed": 11},
    "/models/{name}": {"inputs": "a red rose", "parameters": {"seed": 7}},
    "/sdapi/v1/png-info": {"image": "iVBORw0KGgo…"},
    "/sdapi/v1/options": {"sd_model_checkpoint": "flowers"},
}


@blueprint.get("/docs")
def docs_page() -> Response:
    """Serve the page."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the app itself, not Flask's stand-in for it
    assert isinstance(app, APIFlask)
    document = app.spec
    assert isinstance(document, dict)
    html = render_template(
        "docs.html",
        document=document,
        groups=operations_by_tag(document),
        body_rows=body_rows,
        parameter_rows=parameter_rows,
    )
    return Response(html, content_type="text/html; charset=utf-8")


@blueprint.get(f"/docs/{STYLE_FILE}")
def docs_style() -> Response:
    """Serve the page's style."""
    return Response(render_template(STYLE_FILE), content_type="text/css; charset=utf-8")


def operations_by_tag(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The operations of a document by their first tag, each with its method, path and an example."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "responses" in operation:
                described = {
                    **operation,
                    "method": method.upper(),
                    "path": path,
                    "example": _example(method, path, operation),
                }
                found.setdefault((operation.get("tags") or ["Other"])[0], []).append(described)
    return found


def body_rows(document: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """A schema's properties as rows of a table: name, kind, whether they are required, limits, meaning."""
    schema = _resolved(document, schema)
    if schema.get("type") == "array":
        schema = _resolved(document, schema.get("items", {}))
    needed = schema.get("required", [])
    return [
        {"name": name, "needed": name in needed, **_words(_resolved(document, each))}
        for name, each in schema.get("properties", {}).items()
    ]


def parameter_rows(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """An operation's parameters as rows of a table, as `body_rows` gives a body's."""
    return [
        {"name": each["name"], "needed": each.get("required", False), **_words(each["schema"] | each)}
        for each in operation.get("parameters", [])
    ]


def _words(schema: dict[str, Any]) -> dict[str, str]:
    kinds = schema.get("type", "any")
    kind = " or ".join(kinds) if isinstance(kinds, list) else kinds
    bounds = (f"{word} {schema[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in schema)
    limits = list(filter(None, [" ".join(bounds)]))
    if "enum" in schema:
        limits.append("one of " + ", ".join(str(each) for each in schema["enum"] if each is not None))
    if schema.get("default") is not None:
        limits.append(f"default {schema['default']}")
    return {"kind": kind, "limits": ", ".join(limits), "meaning": schema.get("description", "")}


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema


def _example(method: str, path: str, operation: dict[str, Any]) -> str:
    """A command line that calls the operation."""
    address = f"http://127.0.0.1:8001{re.sub(r'{.+?}', EXAMPLE_NAME, path)}{EXAMPLE_QUERIES.get(path, '')}"
    media_type = next(iter(operation["responses"]["200"].get("content", {})), "")
    saved = f" -o picture.{media_type.removeprefix('image/')}" if media_type.startswith("image/") else ""
    if method != "post":
        return f"curl '{address}'{saved}"
    if "requestBody" not in operation:
        return f"curl '{address}' -X POST{saved}"
    body = json.dumps(EXAMPLE_BODIES.get(path, {"prompt": "a red rose", "seed": 7}), ensure_ascii=False)
    return f"curl '{address}' -H 'Content-Type: application/json' -d '{body}'{saved}"
