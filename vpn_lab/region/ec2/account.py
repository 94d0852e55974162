"""EC2 of one Region as a part of its account."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend


class InAccount(EC2Backend):
    def everywhere(self) -> list[Any]:
        """EC2 of all Regions of the account."""
        raise NotImplementedError
