"""What a construct must have been given before its stack can be synthesized."""

from __future__ import annotations

from collections.abc import Callable

import jsii
from constructs import Construct, IValidation


def require(construct: Construct, is_met: Callable[[], bool], message: str) -> None:
    """Let the synthesis fail with ``message`` unless ``is_met`` returns True by then.

    Args:
        construct: The construct that the error names.
        is_met: Asked once, when the app is synthesized.
        message: What is missing, what is allowed and what to do.
    """
    construct.node.add_validation(_Requirement(is_met, message))


@jsii.implements(IValidation)
class _Requirement:
    def __init__(self, is_met: Callable[[], bool], message: str) -> None:
        self._is_met = is_met
        self._message = message

    def validate(self) -> list[str]:
        """Return the errors, as the constructs library asks for them."""
        return [] if self._is_met() else [self._message]
