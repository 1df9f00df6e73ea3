"""What routes take and answer, written down so that programs can read it: OpenAPI 3.1."""

from doodle_web.openapi.document import describe_app, merge_documents
from doodle_web.openapi.operation import Answer, AnswerBody, Operation, Query, Request

__all__ = ["Answer", "AnswerBody", "Operation", "Query", "Request", "describe_app", "merge_documents"]
