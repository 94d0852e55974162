"""What AWS publishes in every account: the Amazon Linux images and the SSM parameters that name them."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.amis import Ami

from vpn_lab.region import ec2, ministack
from vpn_lab.region.settings import Settings

AMAZON = "137112412989"
IMAGES = {
    ("6.1", "x86_64"): "ami-0a61e1000000c8664",
    ("6.1", "arm64"): "ami-0a61e1000000a4664",
    ("6.12", "x86_64"): "ami-0a612e100000c8664",
    ("6.12", "arm64"): "ami-0a612e100000a4664",
    ("6.18", "x86_64"): "ami-0a618e100000c8664",
    ("6.18", "arm64"): "ami-0a618e100000a4664",
}
DEFAULT_KERNEL = "6.18"
PARAMETERS = "/aws/service/ami-amazon-linux-latest"


def fill(settings: Settings) -> None:
    """Publish images and parameters."""
    backend = ec2.region_backend(settings.account, settings.region)
    published: dict[str, str] = ministack.module("services.ssm")._PUBLIC_AMI_PARAMETERS
    published.clear()
    for (kernel, architecture), identifier in IMAGES.items():
        backend.amis[identifier] = _image(backend, identifier, kernel, architecture)
        published[f"{PARAMETERS}/al2023-ami-kernel-{kernel}-{architecture}"] = identifier
        if kernel == DEFAULT_KERNEL:
            published[f"{PARAMETERS}/al2023-ami-kernel-default-{architecture}"] = identifier


def _image(backend: Any, identifier: str, kernel: str, architecture: str) -> Ami:
    name = f"al2023-ami-2023.9.20261026.0-kernel-{kernel}-{architecture}"
    return Ami(
        backend,
        identifier,
        name=name,
        description="Amazon Linux 2023 AMI",
        image_location=f"amazon/{name}",
        owner_id=AMAZON,
        owner_alias="amazon",
        public=True,
        virtualization_type="hvm",
        architecture=architecture,
        root_device_name="/dev/xvda",
        region_name=f"{backend.region_name}a",
    )
