"""Security schemes of the OpenAPI document: the ways in which a generated client can send an API key."""

from typing import Any

SECURITY_SCHEMES = {
    "Bearer": {"type": "http", "scheme": "bearer", "description": "Authorization: Bearer KEY"},
    "ApiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "X-API-Key: KEY"},
    "Basic": {"type": "http", "scheme": "basic", "description": "The key is the password; any user name does."},
}


def describe_security(requires_keys: bool, document: dict[str, Any]) -> dict[str, Any]:
    """Add the schemes to each operation that may answer 401; without keys they are optional."""
    document["components"]["securitySchemes"] = SECURITY_SCHEMES
    schemes: list[dict[str, list[str]]] = [{name: []} for name in SECURITY_SCHEMES]
    for operations in document["paths"].values():
        for operation in operations.values():
            if "401" in operation["responses"]:
                operation["security"] = schemes if requires_keys else [*schemes, {}]
    return document
