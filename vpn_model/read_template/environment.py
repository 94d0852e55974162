"""What a template does not say itself: where it will be deployed, and with which parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vpn_model.unknown import Text, Unknown

PARTITIONS = {"cn": ("aws-cn", "amazonaws.com.cn"), "us-gov": ("aws-us-gov", "amazonaws.com")}
COMMERCIAL = ("aws", "amazonaws.com")


@dataclass(frozen=True)
class Environment:
    """Everything that is known of a deployment. What is not given stays unknown."""

    stack_name: str | None = None
    region: str | None = None
    """Gives the partition and the domain, too."""
    account: str | None = None
    zones: tuple[str, ...] = ()
    """The Availability Zones of the Region in the order of ``Fn::GetAZs``; empty if they are not known."""
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Values of parameters, as on the command line: a list has commas between its members."""
    ssm: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Values of Systems Manager parameters by their names, for parameters of the template that name one."""
    imports: Mapping[str, str] = field(default_factory=dict)
    """Values of other stacks' exports by their names."""

    def pseudo_parameter(self, name: str) -> Text:
        """The value of a pseudo parameter such as ``AWS::Region``."""
        partition, suffix = self._partition()
        known: dict[str, str | None] = {
            "AWS::StackName": self.stack_name,
            "AWS::Region": self.region,
            "AWS::AccountId": self.account,
            "AWS::Partition": partition,
            "AWS::URLSuffix": suffix,
        }
        value = known.get(name)
        return Unknown(f"${{{name}}}", "not given") if value is None else value

    def _partition(self) -> tuple[str, str] | tuple[None, None]:
        if self.region is None:
            return None, None
        found = (names for prefix, names in PARTITIONS.items() if self.region.startswith(f"{prefix}-"))
        return next(found, COMMERCIAL)
