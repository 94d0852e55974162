"""The user-data as a whole: its form, its size, and that it lets tokens through."""

from __future__ import annotations

import email
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_aws_vpn.connection.security_profile import PROFILES
from cdk_aws_vpn.device.configuration import USER_DATA_MAX_BYTES, DeviceConfig, render_user_data, user_data_bytes
from cdk_aws_vpn.errors import VpnConfigurationError
from tests.device.shapes import SHAPES, boot_script, token, with_tokens

EVERY_SHAPE = pytest.mark.parametrize("shape", SHAPES)
TOKEN = re.compile(r"\$\{Token\[[A-Za-z0-9.]+\]\}")


@EVERY_SHAPE
def test_cloud_init_sees_one_part_that_runs_at_every_boot(shape: str) -> None:
    message = email.message_from_string(render_user_data(SHAPES[shape]()))
    assert message["MIME-Version"] == "1.0"
    assert message.get_content_type() == "text/x-shellscript-per-boot"
    # the name under which cloud-init keeps the script: a new one must replace the old, so it never changes
    assert message.get_filename() == "cgw-boot"
    body = message.get_payload()
    assert isinstance(body, str)
    assert body.startswith("#!/bin/bash\n")
    assert body.isascii()


@EVERY_SHAPE
@pytest.mark.parametrize("profile", PROFILES)
def test_user_data_fits_with_room_to_grow(shape: str, profile: str) -> None:
    size = user_data_bytes(with_tokens(SHAPES[shape](profile)))
    print(f"{shape} {profile}: {size} of {USER_DATA_MAX_BYTES} bytes")
    assert 4096 < size <= USER_DATA_MAX_BYTES


@EVERY_SHAPE
def test_the_size_is_that_of_the_values_and_not_of_the_tokens(shape: str) -> None:
    sample, tokens = SHAPES[shape](), with_tokens(SHAPES[shape]())
    assert user_data_bytes(sample) == len(render_user_data(sample).encode())
    assert user_data_bytes(tokens) > len(render_user_data(tokens).encode())
    # a value on AWS is never much longer than the sample's, nor shorter
    assert 0 <= user_data_bytes(tokens) - user_data_bytes(sample) < 900


def test_user_data_that_grew_too_large_says_how_to_shrink_it() -> None:
    prefixes = tuple(f"10.{number}.0.0/16" for number in range(100, 200))
    device = replace(SHAPES["dual-bgp-active"](), remote_prefixes=prefixes)
    with pytest.raises(VpnConfigurationError, match=r"user_data '\d+ bytes'.*at most 14336 bytes.*summarise"):
        render_user_data(device)


@EVERY_SHAPE
def test_every_token_comes_out_as_it_went_in(shape: str) -> None:
    device = with_tokens(SHAPES[shape]())
    assert set(TOKEN.findall(render_user_data(device))) == set(TOKEN.findall(repr(device)))


@settings(max_examples=30, deadline=None)
@given(
    numbers=st.lists(st.integers(0, 10**6), min_size=8, max_size=8, unique=True), shape=st.sampled_from(sorted(SHAPES))
)
def test_nothing_depends_on_what_a_token_is_called(numbers: list[int], shape: str) -> None:
    device = with_tokens(SHAPES[shape]())
    names = dict(zip(sorted(set(TOKEN.findall(repr(device)))), numbers, strict=False))

    def renamed(text: str) -> str:
        for old, number in names.items():
            text = text.replace(old, token(f"TOKEN.{number}"))
        return text

    def rename(value: Any) -> Any:
        if isinstance(value, str):
            return renamed(value)
        if isinstance(value, tuple):
            return tuple(rename(one) for one in value)
        if hasattr(value, "__dataclass_fields__"):
            return replace(value, **{name: rename(getattr(value, name)) for name in value.__dataclass_fields__})
        return value

    assert render_user_data(rename(device)) == renamed(render_user_data(device))


@EVERY_SHAPE
def test_the_boot_script_is_clean_shell(run: Any, tmp_path: Path, shape: str) -> None:
    path = tmp_path / "cgw-boot"
    path.write_text(boot_script(render_user_data(SHAPES[shape]())))
    assert subprocess.run(["bash", "-n", path], check=False).returncode == 0
    checked = run("shellcheck", path)
    assert (checked.returncode, checked.stdout) == (0, "")
    path.write_text(path.read_text().replace('rm "$new"', "rm $new"))
    assert run("shellcheck", path).returncode != 0


@EVERY_SHAPE
def test_the_shell_is_never_told_to_trace(shape: str) -> None:
    script = boot_script(render_user_data(SHAPES[shape]()))
    assert not re.search(r"set -\w*x|xtrace|bash -\w*x", script)


def test_rendering_twice_gives_the_same_text() -> None:
    device: DeviceConfig = SHAPES["dual-bgp-active"]()
    assert render_user_data(device) == render_user_data(device)


def test_networks_that_are_known_only_at_deployment_are_rendered_and_measured() -> None:
    sample = SHAPES["dual-bgp-active"]()
    device = replace(sample, local_prefixes=(token("VpcCidr"),), remote_prefixes=(token("Cloud"),))
    assert f"ip prefix-list ADVERTISED permit {token('VpcCidr')}" in render_user_data(device)
    assert 0 <= user_data_bytes(device) - user_data_bytes(sample) < 100
