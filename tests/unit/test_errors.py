"""All errors are in one tree, and their messages have one form."""

from __future__ import annotations

import inspect

import pytest

from cdk_aws_vpn import (
    AddressingError,
    AssetError,
    QuotaError,
    TunnelOptionsError,
    VpnConfigurationError,
    VpnError,
    asset_path,
    errors,
)


def test_every_error_of_the_library_is_a_vpn_error_and_a_value_error() -> None:
    classes = [value for _, value in inspect.getmembers(errors, inspect.isclass) if value.__module__ == errors.__name__]
    assert len(classes) == 6
    assert all(issubclass(error, VpnError) and issubclass(error, ValueError) for error in classes)


@pytest.mark.parametrize("error", [AddressingError, TunnelOptionsError, QuotaError])
def test_whoever_catches_configuration_errors_catches_the_special_ones(error: type[VpnConfigurationError]) -> None:
    with pytest.raises(VpnConfigurationError):
        raise error("prop", 1, "2", "write 2")


def test_a_message_has_the_property_the_value_the_range_and_the_remedy() -> None:
    error = VpnConfigurationError("max_azs", 3, "1 or 2", "two devices in two zones need 2")
    assert str(error) == "max_azs 3 is not allowed; allowed: 1 or 2; two devices in two zones need 2"
    assert (error.property, error.value, error.allowed, error.remedy) == (
        "max_azs",
        3,
        "1 or 2",
        "two devices in two zones need 2",
    )


def test_the_assets_are_found() -> None:
    assert (asset_path("handlers") / "custom_resource.py").is_file()
    assert asset_path("policy/vpn.guard").is_file()


def test_a_missing_asset_is_reported_with_where_it_was_looked_for() -> None:
    with pytest.raises(AssetError, match=r"asset 'no/such/file' is missing; looked in .* and .*; reinstall"):
        asset_path("no/such/file")
