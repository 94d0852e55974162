"""Which resources exist: conditions that hold, that do not, and that nobody can tell."""

from __future__ import annotations

import pytest

from tests.model.planned import template
from vpn_model.network import Other
from vpn_model.read_template.errors import TemplateError
from vpn_model.read_template.network import read_network

TEMPLATE = """
Parameters:
  Known: {Type: String, Default: "yes"}
  Open: {Type: String}
Conditions:
  Holds: !Equals [!Ref Known, "yes"]
  Fails: !Not [!Condition Holds]
  Unknown: !Equals [!Ref Open, "yes"]
  Same: !Equals [!Ref Open, !Ref Open]
  Decided: !And [!Condition Unknown, !Condition Fails]
  DecidedToo: !Or [!Condition Unknown, !Condition Holds]
  Undecided: !Or [!Condition Unknown, !Condition Fails]
  UndecidedToo: !And [!Condition Holds, !Condition Unknown]
  NotUnknown: !Not [!Condition Unknown]
  List: !Equals [!Join [",", [a, b]], "a,b"]
Resources:
"""
EXISTING = {
    **dict.fromkeys(("Holds", "Same", "DecidedToo", "List"), True),
    **dict.fromkeys(("Fails", "Decided"), False),
    **dict.fromkeys(("Unknown", "Undecided", "UndecidedToo", "NotUnknown"), None),
}


@pytest.mark.parametrize("condition", EXISTING)
def test_a_resource_exists_unless_its_condition_is_known_to_fail(condition: str) -> None:
    made = template(f"{TEMPLATE}  Gateway: {{Type: AWS::EC2::VPNGateway, Condition: {condition}}}\n")
    network = read_network(made)
    assert ("Gateway" in network.vpn_gateways) is (EXISTING[condition] is not False)
    assert network.uncertain_ids == (("Gateway",) if EXISTING[condition] is None else ())


def test_outputs_have_conditions_too() -> None:
    made = template(
        TEMPLATE + "  A: {Type: AWS::EC2::VPNGateway}\n"
        "Outputs:\n  Gone: {Condition: Fails, Value: 1}\n  There: {Condition: Unknown, Value: !Sub 'v-${Known}'}\n"
    )
    assert made.outputs == {"There": "v-yes"}


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ("{C: !Condition D, D: !Condition C}", "'C' depends on itself"),
        ("{C: !Condition Nobody}", "no condition 'Nobody'"),
        ("{C: !Ref A}", "a condition is made of"),
    ],
)
def test_a_condition_that_cannot_be_read(conditions: str, message: str) -> None:
    with pytest.raises(TemplateError) as problem:
        template(f"Conditions: {conditions}\nResources: {{A: {{Type: T, Condition: C}}}}")
    assert message in str(problem.value)


def test_what_is_not_modelled_stays_visible() -> None:
    network = read_network(
        template(
            """
            Transform: [AWS::LanguageExtensions, {Name: Mine}]
            Parameters: {Numbers: {Type: CommaDelimitedList}}
            Resources:
              Fn::ForEach::Tunnels: [Number, !Ref Numbers, {"Log${Number}": {Type: AWS::Logs::LogGroup}}]
              Included: {Fn::Transform: {Name: AWS::Include}}
              Peering: {Type: AWS::EC2::VPCPeeringConnection, Properties: {Tags: [{Key: Name, Value: peer}]}}
              Thing: {Type: Mine::Own::Thing}
            """
        )
    )
    assert network.others == (
        Other("AWS::LanguageExtensions", "Transform"),
        Other("Mine", "Transform"),
        Other("Fn::ForEach::Tunnels", "Fn::ForEach"),
        Other("Included", "Fn::Transform"),
        Other("Peering", "AWS::EC2::VPCPeeringConnection", "peer"),
        Other("Thing", "Mine::Own::Thing"),
    )


@pytest.mark.parametrize("resource", ["[]", "{Properties: {}}", "{Type: 1}", "{Type: T, Properties: []}"])
def test_a_malformed_resource(resource: str) -> None:
    with pytest.raises(TemplateError, match=r"^A: "):
        template(f"Resources: {{A: {resource}}}")
