"""What the framework does not say in OpenAPI by itself: refusals, headers, and what they mean."""

from __future__ import annotations

from typing import Any

from ninja.openapi.schema import OpenAPISchema

from motcua.kernel.api.bearer import OFFICER_HEADER
from motcua.kernel.api.once import KEY_HEADER, REPLAY_HEADER

PROBLEM = "Problem"
_PROBLEM_REF = {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{PROBLEM}"}}}
_ALWAYS = {401: "Token missing or unknown", 403: "Not allowed", 429: "Too many calls", 503: "Storage is away"}
_WITH_PATH = {404: "Not found, or not for you"}
_WITH_INPUT = {400: "Unreadable input", 422: "Input that cannot be used"}
_WRITES = {409: "Somebody was first, the state forbids it, or the key was used for something else"}
_SCHEMAS: dict[str, Any] = {
    "ProblemError": {
        "type": "object",
        "title": "ProblemError",
        "required": ["field", "message"],
        "properties": {
            "field": {
                "type": "string",
                "description": "Path of the field in the request, such as owner.name",
            },
            "message": {"type": "string", "description": "What is wrong and what to do, in Vietnamese"},
        },
    },
    PROBLEM: {
        "type": "object",
        "title": PROBLEM,
        "description": "Problem details (RFC 9457).",
        "required": ["type", "title", "status"],
        "properties": {
            "type": {"type": "string", "default": "about:blank"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "One sentence for people, in Vietnamese"},
            "code": {"type": "string", "description": "A stable word for programs, such as already_done"},
            "request_id": {"type": "string", "description": "Name this when you report a fault"},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemError"}},
        },
        "examples": [
            {
                "type": "about:blank",
                "title": "Chưa làm được với dữ liệu này",
                "status": 422,
                "detail": "owner.name: Thiếu trường này.",
                "code": "invalid",
                "request_id": "5f0c2a9be1d34c77",
                "errors": [{"field": "owner.name", "message": "Thiếu trường này."}],
            }
        ],
    },
}
_HEADERS: list[dict[str, Any]] = [
    {
        "in": "header",
        "name": KEY_HEADER,
        "required": False,
        "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"},
        "description": "Send one fresh key for each effect and repeat it after a lost answer: the effect happens "
        f"once, the first answer comes again with `{REPLAY_HEADER}: true`. Kept 30 days.",
    },
    {
        "in": "header",
        "name": OFFICER_HEADER,
        "required": False,
        "schema": {"type": "string", "maxLength": 150},
        "description": "User name of the officer who acts through your system (scope `officers:act`). Their own "
        "posts then decide what is allowed. Needed for claim and take-back.",
    },
]


def completed(schema: OpenAPISchema) -> OpenAPISchema:
    """The framework's document with everything a generated client needs to know."""
    schema["components"]["schemas"].update(_SCHEMAS)
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return schema


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    refusals = dict(_ALWAYS)
    if "{" in path or method != "get":
        refusals |= _WITH_PATH
    if operation["parameters"] or "requestBody" in operation:
        refusals |= _WITH_INPUT
    if method != "get":
        refusals |= _WRITES
        operation["parameters"] = [*operation["parameters"], *_HEADERS]
    responses = operation["responses"]
    for status, meaning in sorted(refusals.items()):
        responses[str(status)] = {"description": meaning, "content": _PROBLEM_REF}
    retry = {"schema": {"type": "integer"}, "description": "Seconds to wait"}
    for busy in ("429", "503"):
        responses[busy]["headers"] = {"Retry-After": retry}
    by_text = {str(status): response for status, response in responses.items()}
    operation["responses"] = dict(sorted(by_text.items()))
