"""What the documents tell a reader to type works in a new shell, in a clone of the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator

import botocore.session
import pytest
from botocore import xform_name

from tests.project.blocks import treatment
from tests.project.blocks.clone import Clone
from tests.project.blocks.reading import ROOT, SHELL, Block, blocks
from tests.project.blocks.treatment import Treatment, parts, rule_for

BLOCKS = blocks(*SHELL)
OPTION = re.compile(r"(?<=\s)--?[a-z][\w-]*")
ACTIVATE = ". .venv/bin/activate"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    made = Clone(tmp_path_factory.mktemp("reader"))
    yield made
    made.stop_region()


def treatment_of(command: str, block: Block) -> Treatment | None:
    rule = rule_for(command, block.text)
    return rule.treatment if rule else None


def treated(block: Block, kind: Treatment) -> list[str]:
    """The commands of a block that are treated so. A line that is typed whole stays whole."""
    found = []
    for line in block.commands:
        commands = parts(line)
        if {treatment_of(command, block) for command in commands} == {Treatment.TYPED}:
            commands = [line]
        found += [command for command in commands if treatment_of(command, block) is kind]
    return found


def with_help(command: str) -> str:
    """The command without its arguments: a program, its module, its subcommands."""
    words = command.split()
    length = 4 if words[0] == "python" else 3
    return " ".join([*words[:length], "--help"])


def everything(kind: Treatment) -> list[str]:
    return sorted({command for block in BLOCKS for command in treated(block, kind)})


TYPED = [block for block in BLOCKS if any(command != ACTIVATE for command in treated(block, Treatment.TYPED))]
HELPED = sorted({with_help(command) for command in everything(Treatment.HELP)})


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.place)
def test_every_command_has_its_treatment_and_a_reason_where_it_is_not_typed(block: Block) -> None:
    for line in block.commands:
        for command in parts(line):
            rule = rule_for(command, block.text)
            assert rule is not None, f"{command!r}: add a rule to {treatment.__name__}"
            assert rule.treatment is Treatment.TYPED or rule.reason


@pytest.mark.parametrize("block", TYPED, ids=lambda block: block.place)
def test_a_block_works_as_it_is_printed(block: Block, clone: Clone) -> None:
    clone.type(*treated(block, Treatment.TYPED))


@pytest.mark.parametrize("command", HELPED)
def test_a_command_that_needs_an_account_or_a_machine_is_there_with_its_options(command: str, clone: Clone) -> None:
    text = clone.type(ACTIVATE, command)
    printed = [one for one in everything(Treatment.HELP) if with_help(one) == command]
    assert {option for one in printed for option in OPTION.findall(one)} <= set(OPTION.findall(text))


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.place)
def test_what_needs_the_environment_comes_after_it_is_activated(block: Block) -> None:
    commands = [part for line in block.commands for part in parts(line)]
    needing = [number for number, one in enumerate(commands) if re.match(r"(npx cdk|python -m|vpn-ops|eval)\b", one)]
    if needing:
        assert ACTIVATE in commands[: needing[0]]


def test_every_target_of_make_exists(clone: Clone) -> None:
    for command in everything(Treatment.DRY_RUN):
        clone.type(command.replace("make", "make -n", 1))


@pytest.mark.parametrize("command", everything(Treatment.AWS_CLI))
def test_a_command_of_the_aws_cli_exists_in_the_apis(command: str) -> None:
    _, service, operation, *arguments = command.split()
    model = botocore.session.get_session().get_service_model(service)
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    shape = model.operation_model(operations[operation]).input_shape
    options = {f"--{xform_name(name, '-')}" for name in (shape.members if shape else ())}
    assert {argument for argument in arguments if argument.startswith("--")} <= options


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.place)
def test_a_scenario_that_is_named_exists(block: Block) -> None:
    assert set(re.findall(r"Scenario\w+", " ".join(block.commands))) <= set(
        re.findall(r"Scenario\w+", "".join(path.read_text() for path in (ROOT / "stacks").glob("*.py")))
    )


def test_what_deploy_local_and_the_region_print_is_what_the_readme_says(clone: Clone) -> None:
    (block,) = (block for block in BLOCKS if block.page == "README.md" and "make deploy-local" in block.text)
    typed = [part for line in block.commands for part in parts(line)]
    printed = (ROOT / "scripts" / "deploy-local.sh").read_text().replace("\\$", "$")
    assert all(command.replace("ScenarioDualTunnel", "$scenario") in printed for command in typed[1:])
    said = clone.type(ACTIVATE, "python -m vpn_lab.region start --detach")
    hints = [line.strip() for line in said.splitlines() if line.startswith("  ")]
    assert hints == typed[1:3]
    clone.type(*hints, "python -m vpn_lab.region status", "python -m vpn_lab.region stop")
