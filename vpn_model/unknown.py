"""Values that are not known before a deployment, such as an address that AWS chooses.

Three rules hold in the whole model:

* A value that is not known is an ``Unknown``, never ``None``. ``None`` means that there is no such thing.
* An id is always a ``str``. In a network that was read from a template it is a logical id; where the template does not
  tell it, it is the text of an ``Unknown``, such as ``${VpcId}``, which ``is_unknown_id`` recognizes.
* A list that is not known is a list with one ``Unknown`` in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Unknown:
    """A value that is not known. Two of them are equal if their texts are."""

    text: str
    """The value with what is not known in braces, as ``Fn::Sub`` writes it: ``${Address.PublicIp}``,
    ``${Import:HubVpcId}``, ``${Connection.Tunnel1OutsideAddress}/32``; or a dynamic reference, ``{{resolve:...}}``.
    """
    reason: str = field(default="", compare=False)
    """Why it is not known, such as "parameter without a value"; may be empty."""

    def __str__(self) -> str:
        return self.text


Text: TypeAlias = str | Unknown
Number: TypeAlias = int | Unknown
Flag: TypeAlias = bool | Unknown


class UnknownValueError(ValueError):
    """A value is needed and not known."""


def known(value: T | Unknown) -> T:
    """Return a value that has to be known. All values of a network that was read from the API are.

    Raises:
        UnknownValueError: It is unknown.
    """
    if isinstance(value, Unknown):
        reason = f" ({value.reason})" if value.reason else ""
        raise UnknownValueError(f"the value of {value} is not known{reason}; read the network from the API instead")
    return value


def all_known(values: Iterable[T | Unknown]) -> tuple[T, ...]:
    """Return values that all have to be known.

    Raises:
        UnknownValueError: One is unknown.
    """
    return tuple(known(value) for value in values)


def is_unknown_id(identifier: str) -> bool:
    """Whether an id stands for something outside of the template, or contains a part that is not known."""
    return "${" in identifier or "{{resolve:" in identifier
