"""Amazon Linux 2023, as Amazon publishes it in every Region: the same images under other ids."""

from __future__ import annotations

import hashlib
from typing import Any

from moto.ec2.models.amis import Ami

AMAZON = "137112412989"
FIRST_REGION = "us-east-1"
IMAGES = {
    ("6.1", "x86_64"): "ami-0a61e1000000c8664",
    ("6.1", "arm64"): "ami-0a61e1000000a4664",
    ("6.12", "x86_64"): "ami-0a612e100000c8664",
    ("6.12", "arm64"): "ami-0a612e100000a4664",
    ("6.18", "x86_64"): "ami-0a618e100000c8664",
    ("6.18", "arm64"): "ami-0a618e100000a4664",
}
"""(kernel, architecture) → the id in the first Region."""


def identifiers(region: str) -> dict[tuple[str, str], str]:
    """Return the id of each image in a Region: (kernel, architecture) → id."""
    if region == FIRST_REGION:
        return IMAGES
    return {
        variant: f"ami-0{hashlib.sha256(f'{region} {identifier}'.encode()).hexdigest()[:16]}"
        for variant, identifier in IMAGES.items()
    }


def publish(backend: Any) -> None:
    """Add the images to the EC2 of one Region."""
    for (kernel, architecture), identifier in identifiers(backend.region_name).items():
        backend.amis[identifier] = _image(backend, identifier, kernel, architecture)


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
