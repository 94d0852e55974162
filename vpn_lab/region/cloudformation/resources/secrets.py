# ruff: noqa: ARG002 -- every type has the same signatures
"""Secrets Manager secrets.

ministack's own type ignores most of GenerateSecretString, and EC2 rejects keys that were generated without its rules.
"""

from __future__ import annotations

import json
from typing import Any

from vpn_lab.region.clients import own_client
from vpn_lab.region.cloudformation.resource import Attributes, Place, Properties, ResourceType, changed, picked

PASSWORD_RULES = (
    "ExcludeCharacters",
    "ExcludeLowercase",
    "ExcludeNumbers",
    "ExcludePunctuation",
    "ExcludeUppercase",
    "IncludeSpace",
    "PasswordLength",
    "RequireEachIncludedType",
)


class Secret(ResourceType):
    name = "AWS::SecretsManager::Secret"

    @property
    def secrets(self) -> Any:
        return own_client("secretsmanager")

    def create(self, properties: Properties, place: Place) -> str:
        value = self._value(properties)
        made = self.secrets.create_secret(
            Name=properties.get("Name") or place.random_name(),
            **({} if value is None else {"SecretString": value}),
            **picked(properties, "Description", "KmsKeyId", "Tags"),
        )
        return str(made["ARN"])

    def settle(self, physical_id: str, properties: Properties) -> None:
        """Its tags are part of the request."""

    def _value(self, properties: Properties) -> str | None:
        if properties.get("SecretString") is not None:
            return str(properties["SecretString"])
        rules = properties.get("GenerateSecretString")
        if rules is None:
            return None
        password = self.secrets.get_random_password(**picked(rules, *PASSWORD_RULES))["RandomPassword"]
        if not rules.get("SecretStringTemplate"):
            return str(password)
        return json.dumps({**json.loads(rules["SecretStringTemplate"]), rules["GenerateStringKey"]: password})

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        if changed(old, new, "Description", "KmsKeyId"):
            self.secrets.update_secret(SecretId=physical_id, **picked(new, "Description", "KmsKeyId"))
        if changed(old, new, "SecretString", "GenerateSecretString"):
            self.secrets.put_secret_value(SecretId=physical_id, SecretString=self._value(new))
        if changed(old, new, "Tags"):
            kept = {one["Key"] for one in new.get("Tags") or ()}
            gone = [one["Key"] for one in old.get("Tags") or () if one["Key"] not in kept]
            if gone:
                self.secrets.untag_resource(SecretId=physical_id, TagKeys=gone)
            self.secrets.tag_resource(SecretId=physical_id, Tags=new.get("Tags") or [])

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        return {"Id": physical_id}

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.secrets.delete_secret(SecretId=physical_id, ForceDeleteWithoutRecovery=True)
