"""Names made of a construct's path: in titles, in names of AWS, in ids of constructs and resources.

A name stays when a stack with a ``stack_name`` moves into a stage, and contains nothing that a stack learns later, such
as its account. Like the CDK's logical ids, it leaves out constructs with the id ``Default``.

A construct's id may contain almost any character, and a path has no limit. What AWS does not accept in a name or a
description is replaced here, so that a construct may have any id.

Sources: "CreateSecurityGroup" (description) and "Tag your Amazon EC2 resources" in the EC2 documentation;
"CreateLogGroup" and "CreateLogStream" in the API reference of CloudWatch Logs; "PutMetricAlarm", "PutDashboard" and
"Dimension" in that of CloudWatch.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from aws_cdk import CfnTag, Stack
from constructs import IConstruct

from cdk_aws_vpn.checks.tokens import is_token
from cdk_aws_vpn.foundation.places import asked_once, path_of, stack_name_of, stack_of

_HIDDEN_ID = "Default"

NAME_TAG_LENGTH = 256
DESCRIPTION_LENGTH = 255
ALARM_NAME_LENGTH = 255
_TOKEN = re.compile(r"(\$\{Token\[[^\]]*\]\})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NO_DESCRIPTION = re.compile(r"[^A-Za-z0-9. _\-:/()#,@\[\]+=&;{}!$*]")
_NO_LOG_NAME = re.compile(r"[^A-Za-z0-9.\-_/#]")
_NO_DASHBOARD_NAME = re.compile(r"[^A-Za-z0-9_-]")
_NO_HOST_NAME = re.compile(r"[^A-Za-z0-9._-]")
_LOG_NAME_LENGTH = 512
_HOST_NAME_LENGTH = 63
_DIGEST = 8


def path_in_stack(construct: IConstruct) -> str:
    """Return the path of a construct below its stack."""
    return _path_below(stack_of(construct), construct)


def name_in_region(construct: IConstruct) -> str:
    """Return the name of the stack and the path below it, which no other construct of the account and Region has.

    For a construct in a nested stack, this is the name of the outermost stack, which is known at synthesis.
    """
    stack = outermost_stack(stack_of(construct))
    return f"{stack_name_of(stack)}/{_path_below(stack, construct)}"


def name_seen_from(viewer: IConstruct, construct: IConstruct) -> str:
    """Return what to call ``construct`` below ``viewer``: its path, after its stack's name if that is another one."""
    same = path_of(stack_of(viewer)) == path_of(stack_of(construct))
    return path_in_stack(construct) if same else name_in_region(construct)


def logical_name(construct: IConstruct) -> str:
    """Return the path of a construct in its stack as letters and digits, for a logical id."""
    return re.sub(r"[^A-Za-z0-9]", "", path_in_stack(construct))


def as_construct_id(text: str) -> str:
    """Return ``text``, such as a network or a path, without the slashes that an id may not have."""
    return text.replace("/", " ")


def name_tag(construct: IConstruct, name: str | None = None) -> CfnTag:
    """Return the tag ``Name``: the caller's ``name``, or the path of ``construct`` as far as a tag may hold it."""
    path = shortened(_CONTROL.sub(" ", name_in_region(construct)), NAME_TAG_LENGTH)
    return CfnTag(key="Name", value=name or path)


def as_description(text: str) -> str:
    """Return ``text`` as a description of EC2: at most 255 of its characters, ``ü`` as ``u``, others as ``-``."""
    return shortened(_replaced(_NO_DESCRIPTION, text), DESCRIPTION_LENGTH)


def as_log_name(text: str) -> str:
    """Return ``text`` as the name of a log group or a log stream, and as the value of a metric's dimension."""
    return shortened(_replaced(_NO_LOG_NAME, text), _LOG_NAME_LENGTH)


def as_dashboard_name(text: str, longest: int) -> str:
    """Return ``text`` as the name of a dashboard: letters, digits, hyphens and underscores."""
    return shortened(_replaced(_NO_DASHBOARD_NAME, text), longest)


def as_host_name(text: str) -> str:
    """Return ``text`` as the name of a host: at most 63 letters, digits, periods, hyphens and underscores."""
    return shortened(_replaced(_NO_HOST_NAME, text).lstrip("._-") or "device", _HOST_NAME_LENGTH)


def shortened(text: str, longest: int) -> str:
    """Return ``text``; if it has too many characters, its beginning and a digest of the whole."""
    if len(text) <= longest or _TOKEN.search(text):
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]
    return f"{text[: longest - _DIGEST - 1]}-{digest}"


def _replaced(not_allowed: re.Pattern[str], text: str) -> str:
    """Replace the characters that are not allowed, but leave tokens as they are."""
    parts = _TOKEN.split(text)
    return "".join(part if is_token(part) else not_allowed.sub("-", _without_accents(part)) for part in parts)


def _without_accents(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


def _path_below(stack: Stack, construct: IConstruct) -> str:
    path = path_of(construct).removeprefix(f"{path_of(stack)}/")
    return "/".join(part for part in path.split("/") if part != _HIDDEN_ID)


@asked_once
def outermost_stack(stack: Stack) -> Stack:
    """Return the stack that a nested stack is deployed with; any other stack itself."""
    parent = stack.nested_stack_parent
    return stack if parent is None else outermost_stack(parent)
