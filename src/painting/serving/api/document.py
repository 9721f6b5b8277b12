"""What APIFlask leaves to do in its OpenAPI document: security, parameters in the form of 3.1, each tag once."""

from typing import Any

SECURITY_SCHEMES = {  # the ways in which a generated client can send an API key
    "Bearer": {"type": "http", "scheme": "bearer", "description": "Authorization: Bearer KEY"},
    "ApiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "X-API-Key: KEY"},
    "Basic": {"type": "http", "scheme": "basic", "description": "The key is the password; any user name does."},
}


def complete_document(requires_keys: bool, document: dict[str, Any]) -> dict[str, Any]:
    """Add the security schemes to each operation that may answer 401, optional without keys, and mend the rest."""
    document["components"]["securitySchemes"] = SECURITY_SCHEMES
    document["tags"] = list({tag["name"]: tag for tag in document["tags"]}.values())
    schemes: list[dict[str, list[str]]] = [{name: []} for name in SECURITY_SCHEMES]
    accepted = schemes if requires_keys else [*schemes, {}]
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["security"] = accepted if "401" in operation["responses"] else []
            for parameter in operation.get("parameters", []):
                _leave_null_out(parameter["schema"])
    return document


def _leave_null_out(schema: dict[str, Any]) -> None:
    """Leave out what a parameter's schema says of null, which no query can hold, partly in the words of 3.0."""
    schema.pop("nullable", None)
    if "enum" in schema:
        schema["enum"] = [value for value in schema["enum"] if value is not None]
    if "default" in schema and schema["default"] is None:
        del schema["default"]
