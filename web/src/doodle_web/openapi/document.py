"""The document: what an app's routes say of themselves, together with what their operations add."""

import inspect
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Flask
from pydantic import TypeAdapter
from werkzeug.routing import Rule

from doodle_web.openapi.operation import Answer, Operation, Query
from doodle_web.problems import MEDIA_TYPE

Json = dict[str, Any]

SCHEMAS = "#/components/schemas/"

PROBLEM: Json = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string", "description": "`about:blank`, or `urn:doodle-loop:problem:<name>`."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened, what was expected, what to do."},
        "errors": {
            "type": "array",
            "maxItems": 20,
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}

FILE: Json = {"type": "string", "format": "binary"}

OF_ALL = {
    500: "A fault of ours; `request_id` finds it in the log.",
    503: "Not now: the database or a service is away; `Retry-After` says when to ask again.",
}
OF_OPERATORS = {
    401: "Not an operator.",
    403: "An operator's cookie, but the request does not come from our own pages.",
}
OF_BODIES = {
    400: "The body is no JSON.",
    413: "The body is too large.",
    415: "The body does not say that it is JSON.",
    422: "It is JSON, but not as expected; `errors` names the fields.",
}
OF_QUERIES = {422: "A parameter is not as expected; `errors` names it."}
OF_PATHS = {404: "There is nothing of that name."}


def describe_app(app: Flask, operations: Mapping[str, Operation], paths: Mapping[str, Any]) -> Json:
    """
    Write down an app's routes.

    Args:
        app: it need not be connected to anything.
        operations: by Flask's endpoint; a route without one is left out.
        paths: for each name that stands in a path, its type and an example.

    Returns:
        `paths` and `components` of an OpenAPI 3.1 document.
    """
    schemas: Json = {"Problem": PROBLEM}
    described: Json = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: (each.rule, each.endpoint)):
        if rule.endpoint in operations:
            method = _method_of(rule)
            operation = operations[rule.endpoint]
            view = app.view_functions[rule.endpoint]
            path, parameters = _describe_path(rule, paths)
            entry = _describe_operation(operation, view, parameters, schemas)
            named = {"operationId": _name(rule.endpoint), "tags": [rule.endpoint.partition(".")[0].replace("_", " ")]}
            described.setdefault(path, {})[method] = {**named, **entry}
    return {"paths": described, "components": {"schemas": schemas}}


def merge_documents(info: Json, documents: Sequence[Json]) -> Json:
    """
    Make one document of several services' behind one address.

    Args:
        info: title, version, description.
        documents: of describe_app.

    Raises:
        ValueError: two services say different things of one path, or mean different things by one name.
    """
    merged: Json = {"paths": {}, "components": {"schemas": {}}}
    for document in documents:
        for part, into in (("paths", merged["paths"]), ("schemas", merged["components"]["schemas"])):
            for name, content in (document["paths"] if part == "paths" else document["components"]["schemas"]).items():
                _put(into, name, content, is_shared=part == "paths")
    merged["paths"] = dict(sorted(merged["paths"].items()))
    merged["components"]["schemas"] = dict(sorted(merged["components"]["schemas"].items()))
    merged["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "An operator's token."},
        "cookie": {"type": "apiKey", "in": "cookie", "name": "doodle_operator", "description": "Set by signing in."},
    }
    return {"openapi": "3.1.0", "info": info, "servers": [{"url": "/"}], **merged}


def _put(into: Json, name: str, content: Any, *, is_shared: bool) -> None:
    known = into.get(name)
    if known is None:
        into[name] = content
    elif is_shared and not set(known) & set(content):
        into[name] = {**known, **content}
    elif known != content:
        raise ValueError(f"Two services mean different things by {name}.")


def _method_of(rule: Rule) -> str:
    (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
    return method.lower()


def _name(endpoint: str) -> str:
    """
    Make an operation's name of an endpoint.

    >>> _name("runs.show_run")
    'runs_show_run'
    """
    return endpoint.replace(".", "_")


def _describe_path(rule: Rule, paths: Mapping[str, Any]) -> tuple[str, list[Json]]:
    parameters = []
    path = rule.rule
    for name in sorted(rule.arguments):
        content, example = paths[name]
        schema = TypeAdapter(content).json_schema()
        parameters.append({"name": name, "in": "path", "required": True, "schema": schema, "example": example})
        for spelling in (f"<{name}>", f"<uuid:{name}>", f"<int:{name}>", f"<path:{name}>"):
            path = path.replace(spelling, f"{{{name}}}")
    return path, parameters


def _describe_operation(operation: Operation, view: Any, parameters: list[Json], schemas: Json) -> Json:
    is_operators = getattr(view, "is_operator_only", False)
    summary, _, rest = inspect.cleandoc(view.__doc__ or "").partition("\n")
    described: Json = {"summary": summary}
    if rest.strip():
        described["description"] = rest.strip()
    described["security"] = [{"token": []}, {"cookie": []}] if is_operators else []
    if known := parameters + [_describe_query(each, schemas) for each in operation.query]:
        described["parameters"] = known
    if operation.request is not None:
        content = {
            "schema": _schema_of(operation.request.content, schemas, "validation"),
            "example": operation.request.example,
        }
        files = {
            media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in operation.request.files
        }
        described["requestBody"] = {"required": True, "content": {"application/json": content, **files}}
    answers = {str(status): _describe_answer(each, schemas) for status, each in operation.answers.items()}
    problems = _problems_of(operation, is_operators=is_operators, has_path=bool(parameters))
    refusals = {str(status): _describe_problem(status, words) for status, words in problems.items()}
    described["responses"] = dict(sorted({**answers, **refusals}.items()))
    return described


def _problems_of(operation: Operation, *, is_operators: bool, has_path: bool) -> dict[int, str]:
    return {
        **OF_ALL,
        **(OF_OPERATORS if is_operators else {}),
        **(OF_BODIES if operation.request else {}),
        **(OF_QUERIES if operation.query else {}),
        **(OF_PATHS if has_path else {}),
        **operation.problems,
    }


def _describe_query(query: Query, schemas: Json) -> Json:
    described: Json = {"name": query.name, "in": "query", "required": query.is_required, "description": query.words}
    described["schema"] = _schema_of(query.content, schemas, "validation")
    if query.example is not None:
        described["example"] = query.example
    return described


def _describe_answer(answer: Answer, schemas: Json) -> Json:
    described: Json = {"description": answer.words}
    if answer.content is not None:
        content = {"schema": _schema_of(answer.content, schemas, "serialization"), "example": answer.example}
        described["content"] = {answer.media_type: content}
    elif answer.media_type != "application/json":
        described["content"] = {answer.media_type: {"example": answer.example} if answer.example else {}}
    return described


def _describe_problem(status: int, words: str) -> Json:
    example = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": words}
    content = {"schema": {"$ref": f"{SCHEMAS}Problem"}, "example": {**example, "errors": []}}
    return {"description": words, "content": {MEDIA_TYPE: content}}


def _schema_of(content: Any, schemas: Json, mode: Any) -> Json:
    schema = TypeAdapter(content).json_schema(mode=mode, ref_template=SCHEMAS + "{model}")
    for name, definition in schema.pop("$defs", {}).items():
        _put(schemas, name, definition, is_shared=False)
    return schema
