"""A typed view on the resolved properties of a resource, or on a mapping inside of them."""

from __future__ import annotations

from typing import Any

from vpn_model.read_template.errors import TemplateError
from vpn_model.read_template.references import Reference, text_of
from vpn_model.unknown import Flag, Number, Text, Unknown


class Fields:
    """Reads fields by name. Of a mapping that is not known, every field is unknown."""

    def __init__(self, value: Any, where: str) -> None:
        """Take a resolved value, and the name of the resource for errors.

        Raises:
            TemplateError: The value is no mapping.
        """
        self._value, self.where = _plain(value), where
        if not isinstance(self._value, dict | Unknown):
            raise TemplateError(f"{where}: its properties must be mappings where CloudFormation expects one")

    def __contains__(self, name: str) -> bool:
        return isinstance(self._value, Unknown) or name in self._value

    @property
    def mapping(self) -> dict[str, Any]:
        """All fields as the resolver made them; empty for a mapping that is not known."""
        return {} if isinstance(self._value, Unknown) else dict(self._value)

    def raw(self, name: str) -> Any:
        """A field as the resolver made it; None if it is not there."""
        return self._value if isinstance(self._value, Unknown) else self._value.get(name)

    def text(self, name: str, default: Text = "") -> Text:
        """A field as text; the default if it is not there."""
        value = self.optional_text(name)
        return default if value is None else value

    def optional_text(self, name: str) -> Text | None:
        """A field as text; None if it is not there."""
        value = self.raw(name)
        return None if value is None else _text(value)

    def number(self, name: str, default: Number) -> Number:
        """A field as a number; the default if it is not there.

        Raises:
            TemplateError: It is no whole number.
        """
        value = self.optional_number(name)
        return default if value is None else value

    def optional_number(self, name: str) -> Number | None:
        """A field as a number; None if it is not there.

        Raises:
            TemplateError: It is no whole number.
        """
        value = self.raw(name)
        return None if value is None else self._number(name, value)

    def flag(self, name: str, default: Flag) -> Flag:
        """A field as a boolean, which may be written as a text; the default if it is not there."""
        value = self.optional_text(name)
        return value if isinstance(value, Unknown) else default if value is None else value.lower() == "true"

    def switch(self, name: str, default: Flag) -> Flag:
        """A field that is ``enable`` or ``disable`` (or ``enabled``); the default if it is not there."""
        value = self.optional_text(name)
        return value if isinstance(value, Unknown) else default if value is None else value.startswith("enable")

    def id(self, name: str) -> str:
        """A field as an id: a logical one for a resource of the template; empty if it is not there."""
        value = self.raw(name)
        return "" if value is None else _identifier(value)

    def optional_id(self, name: str) -> str | None:
        """A field as an id: a logical one for a resource of the template; None if it is not there."""
        return self.id(name) or None

    def ids(self, name: str) -> tuple[str, ...]:
        """A field as a list of ids; empty if it is not there."""
        return tuple(map(_identifier, self._members(name)))

    def texts(self, name: str) -> tuple[Text, ...]:
        """A field as a list of texts; empty if it is not there."""
        return tuple(map(_text, self._members(name)))

    def values(self, name: str) -> tuple[Text, ...]:
        """A list of ``{"Value": ...}`` as texts, as the options of tunnels are written; empty if it is not there."""
        return tuple(one.text("Value") for one in self.items(name))

    def numbers(self, name: str) -> tuple[Number, ...]:
        """A list of ``{"Value": ...}`` as numbers; empty if it is not there.

        Raises:
            TemplateError: A member is no whole number.
        """
        return tuple(one.number("Value", 0) for one in self.items(name))

    def items(self, name: str) -> tuple[Fields, ...]:
        """A field as a list of mappings; empty if it is not there."""
        return tuple(Fields(one, self.where) for one in self._members(name))

    def inner(self, name: str) -> Fields:
        """A field as a mapping; an empty one if it is not there."""
        value = self.raw(name)
        return Fields({} if value is None else value, self.where)

    def _members(self, name: str) -> list[Any]:
        value = self.raw(name)
        if value is None:
            return []
        return value if isinstance(value, list) else [value]

    def _number(self, name: str, value: Any) -> Number:
        value = _plain(value)
        if isinstance(value, Unknown):
            return value
        try:
            return int(value)
        except (TypeError, ValueError):
            raise TemplateError(f"{self.where}: {name} must be a whole number") from None


def _plain(value: Any) -> Any:
    return value.unknown if isinstance(value, Reference) else value


def _text(value: Any) -> Text:
    value = _plain(value)
    return value if isinstance(value, Unknown) else text_of(value)


def _identifier(value: Any) -> str:
    return value.identifier if isinstance(value, Reference) else text_of(value)
