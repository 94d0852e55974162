"""Answers CloudFormation on behalf of a custom resource.

A handler is a function of the resource's properties that returns its attributes. This module adds the life cycle: a
look-up has nothing to do for ``Delete``, an answer that AWS cannot give yet is asked for again, and every error becomes
one sentence in the stack's events instead of a timeout.
"""

import json
import time
import urllib.request

# CloudFormation calls a function seconds after it has created the function's policy. IAM may take longer to apply it,
# and EC2 may take longer to show what it has just created.
NOT_YET_SECONDS = 40
PAUSE_SECONDS = 3
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_NOT_FOUND = ".NotFound"


def respond_to(event, context, look_up, physical_id):
    """Run ``look_up`` for the event and send its outcome to CloudFormation.

    Args:
        event: The event that CloudFormation sent to Lambda.
        context: Lambda's context, which contains the name of the log stream.
        look_up: Function of the resource's properties that returns the attributes. Called on Create and Update, and
            again for 40 s while AWS denies access, or does not find what it has just created.
        physical_id: Function of the properties that returns the physical id.
    """
    properties = event["ResourceProperties"]
    answer = {key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
    answer["PhysicalResourceId"] = event.get("PhysicalResourceId") or physical_id(properties)
    try:
        answer["Data"] = {} if event["RequestType"] == "Delete" else _patiently(look_up, properties)
        answer["Status"] = "SUCCESS"
    except Exception as error:  # report every error to CloudFormation
        answer["Status"] = "FAILED"
        answer["Reason"] = f"{type(error).__name__}: {error} (log stream {context.log_stream_name})"
    print(json.dumps({key: answer.get(key) for key in ("LogicalResourceId", "Status", "Reason")}))
    request = urllib.request.Request(  # noqa: S310 - the URL is CloudFormation's own, signed for this event
        event["ResponseURL"], data=json.dumps(answer).encode(), method="PUT", headers={"Content-Type": ""}
    )
    with urllib.request.urlopen(request, timeout=30):  # noqa: S310
        pass


def _patiently(look_up, properties):
    deadline = time.monotonic() + NOT_YET_SECONDS
    while True:
        try:
            return look_up(properties)
        except Exception as error:
            if not _may_pass(error) or time.monotonic() > deadline:
                raise
        time.sleep(PAUSE_SECONDS)


def _may_pass(error):
    """Tell from the code of a botocore ``ClientError`` whether the same call may succeed a moment later."""
    code = getattr(error, "response", {}).get("Error", {}).get("Code", "")
    return code in _DENIED or code.endswith(_NOT_FOUND)
