"""The pre-shared keys at boot: fetched, kept, and nowhere to be seen."""

from __future__ import annotations

import stat

import pytest

from tests.device.boot.machine import CANARY, Machine, script
from tests.device.shapes import SHAPES

SECRETS = "etc/ipsec.d/cgw.secrets"


def test_keys_that_never_come_end_in_a_failure(machine: Machine) -> None:
    machine.fail("api")
    boot = machine.boot(script())
    assert boot.exit_code == 1
    assert boot.steps[-1] == "keys failed tunnel 1: cannot read its secret, or it holds no valid pre-shared key"
    assert not (machine.root / SECRETS).exists()
    assert not list((machine.root / "etc/ipsec.d").iterdir())


def test_keys_of_an_earlier_boot_serve_while_the_api_is_away(machine: Machine) -> None:
    machine.boot(script())
    kept = (machine.root / SECRETS).read_text()
    machine.fail("api")
    boot = machine.boot(script())
    assert boot.exit_code == 0, boot.output
    assert "keys kept the keys of an earlier boot" in boot.steps
    assert (machine.root / SECRETS).read_text() == kept


def test_a_new_key_restarts_ipsec(machine: Machine) -> None:
    machine.boot(script())
    (machine.state / "secret2").write_text("another.Key.for.2\n")
    boot = machine.boot(script())
    assert [call for call in boot.services if call.startswith("restart")] == ["restart ipsec"]
    assert 'PSK "another.Key.for.2"' in (machine.root / SECRETS).read_text()


@pytest.mark.parametrize(
    "wrong", ['{"psk": "canary.In.Json.77"}', "sh0rt", "0canary.starts.with.zero", "canary with space"]
)
def test_a_secret_that_is_no_key_stops_without_being_shown(machine: Machine, wrong: str) -> None:
    (machine.state / "secret2").write_text(wrong + "\n")
    boot = machine.boot(script())
    assert boot.exit_code == 1
    assert "tunnel 2: cannot read its secret, or it holds no valid pre-shared key" in boot.steps[-1]
    assert not any(wrong in text for text in machine.text_everywhere(boot).values())


@pytest.mark.parametrize("shape", SHAPES)
def test_the_keys_are_nowhere_but_in_the_secrets_file(machine: Machine, shape: str) -> None:
    boot = machine.boot(script(shape))
    numbers = [tunnel.number for tunnel in SHAPES[shape]().tunnels]
    places = {
        number: [place for place, text in machine.text_everywhere(boot).items() if CANARY[number] in text]
        for number in numbers
    }
    assert places == {number: [SECRETS] for number in numbers}
    assert stat.S_IMODE((machine.root / SECRETS).stat().st_mode) == 0o600


def test_the_search_for_keys_would_find_one_on_a_command_line(machine: Machine) -> None:
    careless = script("single-tunnel").replace(
        "	printf '%s : PSK", '	cat "$value" 2>/dev/null || true\n	printf \'%s : PSK'
    )
    boot = machine.boot(careless)
    found = [place for place, text in machine.text_everywhere(boot).items() if CANARY[1] in text]
    assert "state/calls" in found


def test_the_secrets_file_names_each_tunnel_by_both_identities(machine: Machine) -> None:
    machine.boot(script())
    assert (machine.root / SECRETS).read_text().splitlines() == [
        f'198.51.100.10 203.0.113.{number} : PSK "{CANARY[number]}"' for number in (1, 2)
    ]
