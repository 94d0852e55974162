"""Folders of the library's assets that a stack uploads to S3, once each, regardless of how many constructs use it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from aws_cdk import Stack
from aws_cdk import aws_s3_assets as s3_assets
from constructs import IConstruct
from jsii.errors import JSIIError

from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.asset_files import NOT_SHIPPED, asset_path
from cdk_aws_vpn.foundation.names import as_construct_id
from cdk_aws_vpn.foundation.places import path_of, stack_of


@dataclass(frozen=True)
class Upload:
    """Where a folder is in S3, as a zip file: bucket and key, which hold tokens."""

    bucket: str
    key: str


def upload(construct: IConstruct, folder: str) -> Upload:
    """Return where the stack of ``construct`` finds ``folder``; the first call adds the upload to the stack.

    Args:
        construct: What uses the folder.
        folder: Path below the assets folder, such as ``"handlers"``.

    Raises:
        AssetError: No such folder was installed with the library.
        VpnConfigurationError: The stack can upload nothing.
    """
    return _upload(stack_of(construct), folder)


@cache
def _upload(stack: Stack, folder: str) -> Upload:
    path = str(asset_path(folder))
    try:
        asset = s3_assets.Asset(stack, as_construct_id(f"Upload of {folder}"), path=path, exclude=list(NOT_SHIPPED))
    except (JSIIError, RuntimeError):  # what the CDK raises where a stack can upload nothing
        raise VpnConfigurationError(
            "synthesizer",
            path_of(stack),
            "a stack that can upload files: look-ups and devices need programs of the library in S3",
            "give the stack a DefaultStackSynthesizer, or a ProductStack an asset_bucket; without look-ups and devices "
            "(outside_address, metrics of tunnels, CgwInstance, Host), nothing is uploaded",
        ) from None
    return Upload(bucket=asset.s3_bucket_name, key=asset.s3_object_key)
