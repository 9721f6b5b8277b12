"""`/docs`: the API's document as a page, made of plain HTML; it needs no scripts and nothing from elsewhere."""

import json
import re
from typing import Any

from apiflask import APIBlueprint, APIFlask
from flask import Response, current_app, render_template

blueprint = APIBlueprint("docs", __name__, enable_openapi=False, template_folder="docs_templates")
STYLE = "docs.css"
EXAMPLE_NAMES = {"/v1/pictures/{name}": "NAME"}  # what an answer told; everywhere else a painter's name
EXAMPLE_BODIES: dict[str, dict[str, Any]] = {
    "/v1/morphs": {"prompt": "a red rose", "to_prompt": "a white daisy", "seed": 11},
    "/models/{name}": {"inputs": "a red rose", "parameters": {"seed": 7}},
    "/sdapi/v1/png-info": {"image": "iVBORw0KGgo…"},
    "/sdapi/v1/options": {"sd_model_checkpoint": "flowers"},
}
EXAMPLE_FILES = {"/v1/morphs": "morph.webp", "/models/{name}": "rose.png"}


@blueprint.get("/docs")
def docs() -> Response:
    """Answer the page."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the app itself, not Flask's stand-in for it
    assert isinstance(app, APIFlask)
    document = app.spec
    assert isinstance(document, dict)
    shown = render_template(
        "docs.html", document=document, groups=groups(document), fields=fields, parameters=parameters
    )
    return Response(shown, content_type="text/html; charset=utf-8")


@blueprint.get(f"/docs/{STYLE}")
def style() -> Response:
    """Answer the page's style."""
    return Response(render_template(STYLE), content_type="text/css; charset=utf-8")


def groups(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The operations of a document by their first tag, each with its method and path."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "responses" in operation:
                shown = {
                    **operation,
                    "method": method.upper(),
                    "path": path,
                    "example": _example(method, path, operation),
                }
                found.setdefault((operation.get("tags") or ["Other"])[0], []).append(shown)
    return found


def fields(document: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """A schema's properties in words: name, kind, whether they are needed, limits, meaning."""
    schema = _resolved(document, schema)
    if schema.get("type") == "array":
        schema = _resolved(document, schema.get("items", {}))
    needed = schema.get("required", [])
    return [
        {"name": name, "needed": name in needed, **_words(_resolved(document, each))}
        for name, each in schema.get("properties", {}).items()
    ]


def parameters(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """An operation's parameters in words, as `fields` tells a body's."""
    return [
        {"name": each["name"], "needed": each.get("required", False), **_words(each["schema"] | each)}
        for each in operation.get("parameters", [])
    ]


def _words(schema: dict[str, Any]) -> dict[str, str]:
    kinds = schema.get("type", "any")
    kind = " or ".join(kinds) if isinstance(kinds, list) else kinds
    bounds = (f"{word} {schema[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in schema)
    limits = [said for said in (" ".join(bounds),) if said]
    if "enum" in schema:
        limits.append("one of " + ", ".join(str(each) for each in schema["enum"] if each is not None))
    if schema.get("default") is not None:
        limits.append(f"default {schema['default']}")
    return {"kind": kind, "limits": ", ".join(limits), "meaning": schema.get("description", "")}


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema


def _example(method: str, path: str, operation: dict[str, Any]) -> str:
    """A command line that asks."""
    address = "http://127.0.0.1:8001" + re.sub(r"{\w+}", EXAMPLE_NAMES.get(path, "flowers"), path)
    if method != "post":
        return f"curl '{address}?input=a%20red%20rose'" if path == "/" else f"curl '{address}'"
    body = json.dumps(EXAMPLE_BODIES.get(path, {"prompt": "a red rose", "seed": 7}), ensure_ascii=False)
    saved = f" -o {EXAMPLE_FILES[path]}" if path in EXAMPLE_FILES else ""
    return f"curl '{address}' -H 'Content-Type: application/json' -d '{body}'{saved}"
