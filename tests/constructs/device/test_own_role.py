"""A device in an account with rules of its own for roles and volumes."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from tests.constructs.site import Site, resources

KEY = "arn:aws:kms:eu-west-1:111122223333:key/0123"


def test_a_role_of_ones_own_gets_the_policy_of_the_device_and_no_other_role_is_made() -> None:
    site = Site()
    role = iam.Role.from_role_name(site.stack, "Mine", "vpn-device")
    device = site.connected(role=role, role_path="/vpn/")
    assert device.role is role
    roles = site.template.find_resources("AWS::IAM::Role")
    assert not [name for name in roles if name.startswith("Cgw")]
    (policy,) = (
        one for one in resources(site.template, "AWS::IAM::ManagedPolicy") if one["Description"].endswith("Cgw may do")
    )
    assert (policy["Roles"], policy["Path"]) == (["vpn-device"], "/vpn/")
    (profile,) = resources(site.template, "AWS::IAM::InstanceProfile")
    assert profile == {"Roles": ["vpn-device"], "Path": "/vpn/"}


def test_a_new_role_has_the_boundary_and_the_path_that_an_account_demands() -> None:
    site = Site()
    boundary = iam.ManagedPolicy.from_managed_policy_name(site.stack, "Boundary", "boundary")
    site.connected(permissions_boundary=boundary, role_path="/vpn/")
    (role,) = (
        one["Properties"] for name, one in site.template.find_resources("AWS::IAM::Role").items() if "Cgw" in name
    )
    assert role["PermissionsBoundary"] == Stack.of(boundary).resolve(boundary.managed_policy_arn)
    assert role["Path"] == "/vpn/"


def test_the_volume_takes_a_key_of_ones_own() -> None:
    site = Site()
    site.connected(volume_encryption_key=kms.Key.from_key_arn(site.stack, "Key", KEY))
    (instance,) = resources(site.template, "AWS::EC2::Instance")
    (disk,) = instance["BlockDeviceMappings"]
    assert (disk["Ebs"]["Encrypted"], disk["Ebs"]["KmsKeyId"]) == (True, KEY)
