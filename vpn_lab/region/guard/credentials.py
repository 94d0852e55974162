"""Which secret belongs to an access key id, and the temporary keys of instances and Lambda functions."""

from __future__ import annotations

import secrets
from typing import Any

from botocore.credentials import Credentials

from vpn_lab.region import ministack
from vpn_lab.region.guard.keys import Keys, new_access_key_id
from vpn_lab.region.guard.refusal import RefusedError

IAM = "services.iam"
STS = "services.sts"
EVALUATOR = "core.iam_evaluator"


class Directory:
    """Every access key of the account: the owner's, those of IAM users, and those of roles that someone assumed."""

    def __init__(self, keys: Keys, account: str) -> None:
        self._keys = keys
        self._account = account
        self._of_roles: dict[tuple[str, str], tuple[str, dict[str, str]]] = {}

    def install(self) -> None:
        """Give every Lambda function its keys."""
        for module in ("core.lambda_runtime", "services.lambda_svc"):
            ministack.replace(module, "execution_credentials", self.of_function)

    def find(self, access_key_id: str, token: str | None) -> Credentials:
        """Return the secret of an access key id.

        Args:
            access_key_id: What the signature names.
            token: The session token of the request; temporary keys need theirs.

        Raises:
            RefusedError: Nobody has this key, it has expired, or the token is not the one that belongs to it.
        """
        if access_key_id == self._keys.access_key_id:
            if token:
                raise RefusedError("InvalidToken", "The provided token is malformed or otherwise invalid.")
            return Credentials(access_key_id, self._keys.secret_access_key)
        evaluator = ministack.module(EVALUATOR)
        # ministack would take account ids and "test" for keys of the owner
        if evaluator.is_root_access_key(access_key_id):
            raise RefusedError("InvalidClientTokenId", "The security token included in the request is invalid.")
        found = evaluator.resolve_credential(access_key_id, self._account, token)
        if isinstance(found, evaluator.CredentialResolutionError):
            code = found.code.removesuffix("Exception").replace("UnrecognizedClient", "InvalidClientTokenId")
            raise RefusedError(code, found.message)
        return Credentials(found.access_key_id, found.secret_access_key, found.session_token)

    def of_role(self, role: str, session: str) -> dict[str, str]:
        """Return the temporary keys with which ``session`` uses a role: always the same, and nobody else's.

        Args:
            role: Name of the role.
            session: Who uses it, such as an instance id.

        Returns:
            ``AccessKeyId``, ``SecretAccessKey`` and ``Token``.
        """
        if (role, session) not in self._of_roles:
            self._of_roles[role, session] = (
                new_access_key_id("ASIA"),
                {"SecretAccessKey": secrets.token_urlsafe(30), "SessionToken": secrets.token_urlsafe(96)},
            )
        identifier, hidden = self._of_roles[role, session]
        # again each time, because a reset of the account forgets them
        ministack.module(STS).register_session(
            identifier,
            {
                "Arn": f"arn:aws:sts::{self._account}:assumed-role/{role}/{session}",
                "UserId": f"{role}:{session}",
                **hidden,
            },
        )
        return {
            "AccessKeyId": identifier,
            "SecretAccessKey": hidden["SecretAccessKey"],
            "Token": hidden["SessionToken"],
        }

    def of_profile(self, profile: str, instance: str) -> dict[str, str] | None:
        """Return the keys of an instance with an instance profile; None if the profile has no role."""
        found = ministack.module(IAM)._instance_profiles.get_scoped(self._account, None, profile)
        roles = (found or {}).get("Roles")
        return self.of_role(roles[0], instance) if roles else None

    def of_function(self, configuration: dict[str, Any]) -> dict[str, str]:
        """Return the environment variables with the keys of a Lambda function."""
        role = str(configuration.get("Role", "")).rsplit("/", 1)[-1]
        keys = self.of_role(role, str(configuration.get("FunctionName", "")))
        return {
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys["Token"],
        }
