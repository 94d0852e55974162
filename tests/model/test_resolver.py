"""Every intrinsic function, with what is known and with what is not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.model.planned import template
from vpn_model.read_template.errors import TemplateError
from vpn_model.read_template.references import Reference
from vpn_model.read_template.resolver import NO_VALUE
from vpn_model.unknown import Unknown

TEMPLATE = """
Parameters:
  Cidr: {Type: String, Default: 10.0.0.0/16}
  Given: {Type: String}
  Missing: {Type: String}
  Names: {Type: CommaDelimitedList, Default: "a, b,c"}
  Ports: {Type: List<Number>, Default: "1,2"}
  Empty: {Type: CommaDelimitedList, Default: ""}
  Secret: {Type: String, NoEcho: true, Default: my.secret.key}
  SecretText: {Type: String, NoEcho: "true", Default: my.secret.key}
  Image: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /image}
  Images: {Type: "AWS::SSM::Parameter::Value<List<String>>", Default: /images}
  Other: {Type: "AWS::SSM::Parameter::Value<String>", Default: /other}
  Yes: {Type: String, Default: true}
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>"}
Mappings:
  Sizes:
    us-east-1: {Type: m8g.large, Count: 2, List: [x, y]}
    "true": {Type: odd}
Conditions:
  Holds: !Equals [!Ref Yes, true]
  Fails: !Equals [!Ref Given, no]
  Open: !Equals [!Ref Missing, x]
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Cidr}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: !Select [1, !Cidr [!Ref Cidr, 2, 8]]}}
  Address: {Type: AWS::EC2::EIP}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc}}
  Lookup: {Type: Custom::Lookup, Properties: {Value: written}}
"""
KNOWN = {
    "region": "us-east-1",
    "stack_name": "vpn",
    "parameters": {"Given": "yes"},
    "ssm": {"/image": "ami-1", "/images": "ami-2,ami-3"},
    "imports": {"hub": "vpc-1"},
}


def resolve(value: Any, **known: Any) -> Any:
    return template(TEMPLATE, **(KNOWN | known)).resolve(value)


VPC = Reference("Vpc", None, "AWS::EC2::VPC")

RESULTS: dict[str, tuple[Any, Any]] = {
    "plain": ({"A": [1, True, "x", 1.5]}, {"A": [1, True, "x", 1.5]}),
    "parameter": ({"Ref": "Cidr"}, "10.0.0.0/16"),
    "given parameter": ({"Ref": "Given"}, "yes"),
    "missing parameter": ({"Ref": "Missing"}, Unknown("${Missing}")),
    "boolean parameter": ({"Ref": "Yes"}, "true"),
    "list parameter": ({"Ref": "Names"}, ["a", "b", "c"]),
    "number list parameter": ({"Ref": "Ports"}, ["1", "2"]),
    "empty list parameter": ({"Ref": "Empty"}, []),
    "missing list parameter": ({"Ref": "Subnets"}, Unknown("${Subnets}")),
    "NoEcho parameter": ({"Ref": "Secret"}, Unknown("${Secret}")),
    "NoEcho as text": ({"Fn::Sub": "x-${SecretText}"}, Unknown("x-${SecretText}")),
    "SSM parameter": ({"Ref": "Image"}, "ami-1"),
    "SSM list parameter": ({"Ref": "Images"}, ["ami-2", "ami-3"]),
    "unknown SSM parameter": ({"Ref": "Other"}, Unknown("${Other}")),
    "region": ({"Ref": "AWS::Region"}, "us-east-1"),
    "partition": ({"Ref": "AWS::Partition"}, "aws"),
    "suffix": ({"Ref": "AWS::URLSuffix"}, "amazonaws.com"),
    "stack": ({"Ref": "AWS::StackName"}, "vpn"),
    "account": ({"Ref": "AWS::AccountId"}, Unknown("${AWS::AccountId}")),
    "no value": ({"A": {"Ref": "AWS::NoValue"}, "B": [1, {"Ref": "AWS::NoValue"}]}, {"B": [1]}),
    "resource": ({"Ref": "Vpc"}, VPC),
    "nothing": ({"Ref": "Nobody"}, Unknown("${Nobody}")),
    "attribute of nothing": ({"Fn::GetAtt": ["Nobody", "Arn"]}, Unknown("${Nobody.Arn}")),
    "attribute that repeats a property": ({"Fn::GetAtt": ["Vpc", "CidrBlock"]}, "10.0.0.0/16"),
    "a computed reference": ({"Ref": {"Fn::Join": ["", ["V", "pc"]]}}, VPC),
    "a reference to a name that is not known": ({"Ref": {"Ref": "Missing"}}, Unknown("${Ref}")),
    "an attribute of a computed name": ({"Fn::GetAtt": [{"Fn::Sub": "Vpc"}, "CidrBlock"]}, "10.0.0.0/16"),
    "an attribute of a name that is not known": ({"Fn::GetAtt": [{"Ref": "Missing"}, "A"]}, Unknown("${GetAtt}")),
    "attribute as text": ({"Fn::GetAtt": "Subnet.CidrBlock"}, "10.0.1.0/24"),
    "attribute that repeats a reference": ({"Fn::GetAtt": ["Subnet", "VpcId"]}, VPC),
    "attribute": ({"Fn::GetAtt": ["Group", "GroupId"]}, Reference("Group", "GroupId", "AWS::EC2::SecurityGroup")),
    "attribute of a custom resource": (
        {"Fn::GetAtt": ["Lookup", "Value"]},
        Reference("Lookup", "Value", "Custom::Lookup"),
    ),
    "join": ({"Fn::Join": ["-", ["a", {"Ref": "Given"}, 1, True]]}, "a-yes-1-true"),
    "join of a list parameter": ({"Fn::Join": ["|", {"Ref": "Names"}]}, "a|b|c"),
    "join with an unknown part": ({"Fn::Join": ["", [{"Ref": "Address"}, "/32"]]}, Unknown("${Address.PublicIp}/32")),
    "join of one": ({"Fn::Join": ["", [{"Ref": "Vpc"}]]}, VPC),
    "join of an unknown list": ({"Fn::Join": [",", {"Ref": "Subnets"}]}, Unknown("${Subnets}")),
    "sub": ({"Fn::Sub": "${Given} in ${AWS::Region}: ${Vpc.CidrBlock}"}, "yes in us-east-1: 10.0.0.0/16"),
    "sub with variables": ({"Fn::Sub": ["${a}/${Given}", {"a": {"Ref": "AWS::Region"}}]}, "us-east-1/yes"),
    "sub with a literal": ({"Fn::Sub": "${!HOME}/${Given}"}, "${HOME}/yes"),
    "sub with an unknown part": ({"Fn::Sub": "https://${Lookup.Host}/"}, Unknown("https://${Lookup.Host}/")),
    "sub that is one reference": ({"Fn::Sub": "${Vpc}"}, VPC),
    "sub of a list parameter": ({"Fn::Sub": "${Names}"}, "a,b,c"),
    "sub of nothing": ({"Fn::Sub": ""}, ""),
    "select": ({"Fn::Select": [1, ["a", "b"]]}, "b"),
    "select with a text": ({"Fn::Select": ["1", {"Ref": "Names"}]}, "b"),
    "select of an unknown list": ({"Fn::Select": [0, {"Ref": "Subnets"}]}, Unknown("${Subnets.0}")),
    "select by an unknown index": ({"Fn::Select": [{"Ref": "Missing"}, ["a"]]}, Unknown("${Select}")),
    "split": ({"Fn::Split": [",", "a,b"]}, ["a", "b"]),
    "split of an import": (
        {"Fn::Select": [2, {"Fn::Split": [",", {"Fn::ImportValue": "subnets"}]}]},
        Unknown("${Import:subnets.2}"),
    ),
    "map": ({"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "Type"]}, "m8g.large"),
    "list of a map": ({"Fn::FindInMap": ["Sizes", "us-east-1", "List"]}, ["x", "y"]),
    "map with a boolean key": ({"Fn::FindInMap": ["Sizes", True, "Type"]}, "odd"),
    "map with a default": ({"Fn::FindInMap": ["Sizes", "eu-west-1", "Type", {"DefaultValue": "t3.micro"}]}, "t3.micro"),
    "map with an unknown key": (
        {"Fn::FindInMap": ["Sizes", {"Ref": "Missing"}, "Type"]},
        Unknown("${FindInMap:Sizes.${Missing}.Type}"),
    ),
    "if": ({"Fn::If": ["Holds", "a", "b"]}, "a"),
    "else": ({"Fn::If": ["Fails", "a", "b"]}, "b"),
    "if with an unknown condition": ({"Fn::If": ["Open", "a", "b"]}, Unknown("${If:Open}")),
    "if where both are the same": ({"Fn::If": ["Open", "a", {"Fn::Join": ["", ["a"]]}]}, "a"),
    "if without a value": ({"A": {"Fn::If": ["Fails", "a", {"Ref": "AWS::NoValue"}]}}, {}),
    "base64": ({"Fn::Base64": "text"}, "dGV4dA=="),
    "base64 of an unknown text": ({"Fn::Base64": {"Ref": "Missing"}}, Unknown("${Base64}")),
    "cidr": ({"Fn::Cidr": [{"Ref": "Cidr"}, 2, "5"]}, ["10.0.0.0/27", "10.0.0.32/27"]),
    "cidr of IPv6": ({"Fn::Cidr": ["2001:db8::/56", 1, 64]}, ["2001:db8::/64"]),
    "cidr of an unknown block": ({"Fn::Cidr": [{"Ref": "Missing"}, 2, 5]}, Unknown("${Cidr:Missing}")),
    "cidr without bits": ({"Fn::Cidr": ["10.0.0.0/24", 2]}, Unknown("${Cidr:10.0.0.0/24}")),
    "zones": ({"Fn::GetAZs": ""}, Unknown("${GetAZs}")),
    "a zone": ({"Fn::Select": [1, {"Fn::GetAZs": {"Ref": "AWS::Region"}}]}, Unknown("${GetAZs.1}")),
    "zones elsewhere": ({"Fn::GetAZs": "eu-west-1"}, Unknown("${GetAZs:eu-west-1}")),
    "import": ({"Fn::ImportValue": {"Fn::Sub": "${AWS::StackName}-hub"}}, Unknown("${Import:vpn-hub}")),
    "known import": ({"Fn::ImportValue": "hub"}, "vpc-1"),
    "transform": ({"Fn::Transform": {"Name": "AWS::Include"}}, Unknown("${Transform:AWS::Include}")),
    "length": ({"Fn::Length": {"Ref": "Names"}}, 3),
    "JSON": ({"Fn::ToJsonString": {"a": [{"Ref": "Given"}]}}, '{"a":["yes"]}'),
    "unknown function": ({"Fn::Later": 1}, Unknown("${Fn::Later}")),
    "dynamic reference": ("{{resolve:ssm:/a}}", Unknown("{{resolve:ssm:/a}}")),
    "dynamic reference in a join": (
        {"Fn::Join": ["", ["{{resolve:secretsmanager:", {"Ref": "Lookup"}, ":SecretString:psk}}"]]},
        Unknown("{{resolve:secretsmanager:${Lookup}:SecretString:psk}}"),
    ),
    "equals as a value": ({"Fn::Equals": ["a", "a"]}, True),
    "a policy's condition": ({"Condition": {"StringEquals": {}}}, {"Condition": {"StringEquals": {}}}),
}


@pytest.mark.parametrize("name", RESULTS)
def test_functions(name: str) -> None:
    value, expected = RESULTS[name]
    assert resolve(value) == expected


def test_a_value_that_is_only_no_value_is_not_there() -> None:
    assert resolve({"Ref": "AWS::NoValue"}) is NO_VALUE


def test_zones_that_are_given_are_used() -> None:
    zones = ("us-east-1a", "us-east-1b")
    assert resolve({"Fn::Select": [1, {"Fn::GetAZs": ""}]}, zones=zones) == "us-east-1b"
    assert resolve({"Fn::GetAZs": "eu-west-1"}, zones=zones) == Unknown("${GetAZs:eu-west-1}")


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [("cn-north-1", "aws-cn", "amazonaws.com.cn"), ("us-gov-west-1", "aws-us-gov", "amazonaws.com")],
)
def test_the_region_tells_the_partition(region: str, partition: str, suffix: str) -> None:
    assert resolve({"Fn::Sub": "${AWS::Partition} ${AWS::URLSuffix}"}, region=region) == f"{partition} {suffix}"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"Fn::Join": ["a"]}, "Fn::Join takes a list of 2 arguments"),
        ({"Fn::Join": "a"}, "Fn::Join takes a list of 2 arguments"),
        ({"Fn::Select": [5, ["a"]]}, "Fn::Select: the index is 5, and the list has 1 members"),
        ({"Fn::Select": ["x", ["a"]]}, "Fn::Select: index must be a whole number"),
        ({"Fn::Sub": ["a"]}, "Fn::Sub takes a text"),
        ({"Fn::Sub": 1}, "Fn::Sub takes a text"),
        ({"Fn::GetAtt": "Vpc"}, "Fn::GetAtt takes a logical id and an attribute"),
        ({"Fn::GetAtt": [1, "A"]}, "Fn::GetAtt takes a logical id and an attribute"),
        ({"Fn::FindInMap": ["Sizes", "eu-west-1", "Type"]}, "has no Sizes.eu-west-1.Type in its Mappings"),
        ({"Fn::FindInMap": ["Sizes"]}, "Fn::FindInMap takes a mapping and two keys"),
        ({"Fn::If": ["Holds", 1]}, "Fn::If takes a condition and two values"),
        ({"Fn::If": ["Nobody", 1, 2]}, "has no condition 'Nobody'"),
        ({"Fn::If": [{"Ref": "A"}, 1, 2]}, "the name of a condition must be a text"),
        ({"Fn::Cidr": ["10.0.0.0/24", 9, 5]}, "9 parts of 5 bits do not fit"),
        ({"Fn::Cidr": ["nonsense", 1, 5]}, "cannot be split"),
        ({"Fn::Cidr": ["::/0", 10**9, 1]}, "count must be 1 to 256"),
        ({"Fn::Join": ["", ["x" * 600_000, "x" * 600_000]]}, "more than 1000000 characters"),
        ({"Fn::Equals": ["a"]}, "a condition is made of"),
    ],
)
def test_arguments_that_a_function_does_not_take(value: Any, message: str) -> None:
    with pytest.raises(TemplateError) as problem:
        resolve(value)
    assert message in str(problem.value)


def test_an_attribute_that_depends_on_itself_is_an_error() -> None:
    circle = template(
        """
        Resources:
          A: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !GetAtt B.CidrBlock}}
          B: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !GetAtt A.CidrBlock}}
        """
    )
    with pytest.raises(TemplateError, match=r"A\.CidrBlock depends on itself"):
        circle.resolve({"Fn::GetAtt": ["A", "CidrBlock"]})


def test_a_value_for_a_parameter_that_is_not_there_is_an_error() -> None:
    with pytest.raises(TemplateError, match="the template has no parameter Typo; it has: none"):
        template("Resources: {}", parameters={"Typo": "x"})


def test_an_error_names_the_resource() -> None:
    broken = template('Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Join ["a"]}}}')
    with pytest.raises(TemplateError, match=r"^Vpc: Fn::Join takes"):
        broken.fields(broken.of_type("AWS::EC2::VPC")[0])


@pytest.mark.parametrize("section", ["Parameters: []", "Mappings: 1", "Conditions: x", "Parameters: {A: x}"])
def test_a_section_of_the_wrong_shape_is_an_error(section: str) -> None:
    with pytest.raises(TemplateError, match=r"must be a mapping"):
        template(f"Resources: {{}}\n{section}")
