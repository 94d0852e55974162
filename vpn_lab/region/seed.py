"""What AWS publishes in every account and Region: the Amazon Linux images and the SSM parameters that name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vpn_lab.region import ministack
from vpn_lab.region.ec2 import images
from vpn_lab.region.regions import current

DEFAULT_KERNEL = "6.18"
PARAMETERS = "/aws/service/ami-amazon-linux-latest"


class PublicParameters(Mapping[str, str]):
    """The public parameters of the Region of the request: the names are the same everywhere, the images are not."""

    def __getitem__(self, name: str) -> str:
        return published(current())[name]

    def __iter__(self) -> Iterator[str]:
        return iter(published(current()))

    def __len__(self) -> int:
        return len(published(current()))


def published(region: str) -> dict[str, str]:
    """Return the value of each parameter in a Region."""
    found = {}
    for (kernel, architecture), identifier in images.identifiers(region).items():
        found[f"{PARAMETERS}/al2023-ami-kernel-{kernel}-{architecture}"] = identifier
        if kernel == DEFAULT_KERNEL:
            found[f"{PARAMETERS}/al2023-ami-kernel-default-{architecture}"] = identifier
    return found


def install() -> Any:
    """Publish the parameters; the images are part of EC2."""
    return ministack.replace("services.ssm", "_PUBLIC_AMI_PARAMETERS", PublicParameters())
