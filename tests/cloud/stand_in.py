"""
An account of nobody's: moto, with the answers it lacks: `python stand_in.py PORT`.

moto keeps what Terraform makes, but cannot answer some of what the AWS provider asks. The answers below say no more
than what was made, so that everything is applied, and nothing has to be left out for moto's sake. docs/cloud.md lists
them; a version of moto that brings one itself makes it superfluous here.
"""

import json
import sys
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.budgets.responses import BudgetsResponse
from moto.cloudfront.responses import CloudFrontResponse
from moto.cloudfront.urls import url_paths
from moto.core.responses import ActionResult, EmptyResult
from moto.server import main

POLICIES: dict[str, dict[str, Any]] = {}
"""CloudFront's response headers policies by id: moto has none of its own."""


def list_no_tags(_: Any) -> str:
    """Application Auto Scaling's ListTagsForResource: moto keeps no tags of its targets and policies."""
    return json.dumps({"Tags": {}})


def list_no_budget_tags(_: Any) -> str:
    """Budgets' ListTagsForResource: the same, in that service's words."""
    return json.dumps({"ResourceTags": []})


def list_no_subscribers(_: Any) -> str:
    """Budgets' DescribeSubscribersForNotification: moto keeps notifications without their subscribers."""
    return json.dumps({"Subscribers": []})


def publish_function(request: Any) -> ActionResult:
    """CloudFront's PublishFunction: moto makes no difference between a function's stages."""
    function = request.backend.describe_function(name=request._get_param("Name"))
    return ActionResult({"FunctionSummary": function.function_summary})


def create_policy(request: Any) -> ActionResult:
    """CloudFront's CreateResponseHeadersPolicy."""
    name = str(uuid4())
    POLICIES[name] = request._get_param("ResponseHeadersPolicyConfig")
    return _show_policy(name)


def get_policy(request: Any) -> ActionResult:
    """CloudFront's GetResponseHeadersPolicy."""
    return _show_policy(request._get_param("Id"))


def delete_policy(request: Any) -> ActionResult:
    """CloudFront's DeleteResponseHeadersPolicy."""
    del POLICIES[request._get_param("Id")]
    return EmptyResult()


def _show_policy(name: str) -> ActionResult:
    shown = {"Id": name, "LastModifiedTime": "2026-01-01T00:00:00Z", "ResponseHeadersPolicyConfig": POLICIES[name]}
    return ActionResult({"ResponseHeadersPolicy": shown, "ETag": name})


ANSWERS: dict[type, dict[str, Callable[[Any], Any]]] = {
    ApplicationAutoScalingResponse: {"list_tags_for_resource": list_no_tags},
    BudgetsResponse: {
        "list_tags_for_resource": list_no_budget_tags,
        "describe_subscribers_for_notification": list_no_subscribers,
    },
    CloudFrontResponse: {
        "publish_function": publish_function,
        "create_response_headers_policy": create_policy,
        "get_response_headers_policy": get_policy,
        "delete_response_headers_policy": delete_policy,
    },
}
"""What each of moto's services lacks."""

PATHS = (
    "function/(?P<function_name>[^/]+)/publish$",
    "response-headers-policy$",
    "response-headers-policy/(?P<policy_id>[^/]+)$",
)
"""Where CloudFront is asked for it."""


def add_answers() -> None:
    """Give moto's services what they lack."""
    for service, answers in ANSWERS.items():
        for name, answer in answers.items():
            setattr(service, name, answer)
    for path in PATHS:
        url_paths[f"{{0}}/2020-05-31/{path}"] = CloudFrontResponse.dispatch


if __name__ == "__main__":
    add_answers()
    main(["-H", "127.0.0.1", "-p", sys.argv[1]])
