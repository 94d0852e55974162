"""Signals wait conditions in place of the device: when an instance boots whose user-data contains the handle.

With ``signals="device"`` this is off, and only a real PUT to the handle's URL counts.
"""

from __future__ import annotations

import base64
import binascii
import email
import gzip
import re

from vpn_lab.region import ministack

enabled = True
HANDLE = re.compile(r"/_ministack/cfn-signal/([0-9a-f-]{36})")


def send(instance_id: str, user_data: object) -> str:
    """Signal success for every handle in the user-data of a booting instance; return the text of such a device."""
    if not enabled or not user_data:
        return ""
    conditions = ministack.module("services.cloudformation.wait_conditions")
    text = readable(str(user_data))
    handles = sorted(set(HANDLE.findall(text)))
    for token in handles:
        if conditions.has_handle(token):
            signal = {"Status": "SUCCESS", "UniqueId": instance_id, "Reason": "the instance runs", "Data": instance_id}
            conditions.deliver_signal(token, signal)
    return text if handles else ""


def decoded(user_data: str) -> bytes:
    try:
        return base64.b64decode(user_data, validate=True)
    except binascii.Error:
        return user_data.encode()


def readable(user_data: str) -> str:
    """The text of user-data as cloud-init reads it: decoded, unpacked, and with the parts of a multipart joined."""
    content = decoded(user_data)
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    text = content.decode(errors="replace")
    if not text.lstrip().lower().startswith(("content-type: multipart", "mime-version:")):
        return text
    parts = [part.get_payload(decode=True) for part in email.message_from_string(text).walk()]
    return "\n".join(part.decode(errors="replace") for part in parts if isinstance(part, bytes))
