"""The image of a device: a pinned Amazon Linux image, or the caller's own."""

from __future__ import annotations

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_construct
from cdk_aws_vpn.foundation.pinned_ami import PinnedAmi, check_release


def check_image(machine_image: ec2.IMachineImage | None, image_release: str) -> None:
    """Check a caller's arguments for the image.

    Raises:
        VpnConfigurationError: ``machine_image`` is not an image, or the release is not a text.
    """
    if machine_image is not None:
        remedy = "wrap an id: MachineImage.generic_linux({region: id})"
        check_construct(
            "machine_image", machine_image, attribute="get_image", allowed="an ec2.IMachineImage", remedy=remedy
        )
    check_release("image_release", image_release)


def find_image_id(device: Construct, machine_image: ec2.IMachineImage | None, architecture: str, release: str) -> str:
    """Return the id of ``machine_image``, or of the image that the stack pins for all its devices."""
    if machine_image is not None:
        return machine_image.get_image(device).image_id
    return PinnedAmi.of(device, architecture=architecture, release=release).image_id
