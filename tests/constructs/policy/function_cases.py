"""Templates whose values are behind functions: our rules resolve them, and Guard checks nothing there."""

from __future__ import annotations

from typing import Any

from tests.constructs.policy.cases import (
    BOTH,
    DH,
    IKE,
    KEY,
    LITERALS,
    LOG,
    OPEN,
    SECRET,
    SHA,
    SSH,
    Case,
    key,
    ssh,
)
from tests.constructs.policy.templates import (
    GOOD_TUNNEL,
    authorization,
    endpoint,
    group,
    second_tunnel,
    values,
    vpn,
    with_tunnels,
)

CONDITION = {
    "Parameters": {"Stage": {"Type": "String", "Default": "prod", "AllowedValues": ["dev", "prod"]}},
    "Conditions": {"Open": {"Fn::Equals": [{"Ref": "Stage"}, "dev"]}},
}
NO_VALUE = {"Ref": "AWS::NoValue"}
HIDDEN = {"Parameters": {"Key": {"Type": "String", "NoEcho": True}, "Cidr": {"Type": "String"}}}
SHOWN = {"Parameters": {"Key": {"Type": "String"}}}
DEFAULT = {"Parameters": {"Key": {"Type": "String", "NoEcho": "true", "Default": "A.Literal.Key_1"}}}
MAP = {"Mappings": {"Keys": {"eu-central-1": {"Key": "A.Literal.Key_1", "Ike": "ikev2", "Old": "ikev1"}}}}
REGION = {"Ref": "AWS::Region"}
ACCOUNT_KEY = {"Fn::Sub": "{{resolve:secretsmanager:${Secret}:SecretString:psk::}}"}


def behind(section: dict[str, Any], judged: dict[str, Any], *ours: str) -> Case:
    """A case whose value is behind a function, where Guard sees nothing."""
    return Case(judged, ours, (), section)


def if_(first: Any, second: Any) -> dict[str, Any]:
    return {"Fn::If": ["Open", first, second]}


BY_CERTIFICATE = {key: value for key, value in vpn()["Properties"].items() if key != "PreSharedKeyStorage"}
FUNCTIONS: dict[str, Case] = {
    "a good version by a parameter": behind(
        {"Parameters": {"Ike": {"Type": "String", "Default": "ikev2"}}}, vpn(IKEVersions=values({"Ref": "Ike"}))
    ),
    "a bad version by a parameter": behind(
        {"Parameters": {"Ike": {"Type": "String", "Default": "ikev1"}}}, vpn(IKEVersions=values({"Ref": "Ike"})), IKE
    ),
    "a version without a default": behind(
        {"Parameters": {"Ike": {"Type": "String"}}}, vpn(IKEVersions=values({"Ref": "Ike"}))
    ),
    "a version of a map": behind(MAP, vpn(IKEVersions=values({"Fn::FindInMap": ["Keys", "eu-central-1", "Old"]})), IKE),
    "a good version of a map": behind(MAP, vpn(IKEVersions=values({"Fn::FindInMap": ["Keys", "eu-central-1", "Ike"]}))),
    "a selected version": behind({}, vpn(IKEVersions=values({"Fn::Select": [1, ["ikev2", "ikev1"]]})), IKE),
    "an imported version": behind({}, vpn(IKEVersions=values({"Fn::ImportValue": "ike"}))),
    "good algorithms in both branches": behind(
        CONDITION, vpn(Phase1IntegrityAlgorithms=if_(values("SHA2-384"), values("SHA2-256")))
    ),
    "SHA-1 in a branch": behind(CONDITION, vpn(Phase1IntegrityAlgorithms=if_(values("SHA1"), values("SHA2-256"))), SHA),
    "good tunnels in both branches": behind(
        CONDITION, with_tunnels(if_([GOOD_TUNNEL, second_tunnel()], [second_tunnel(), GOOD_TUNNEL]))
    ),
    "a weak tunnel in a branch": behind(
        CONDITION, with_tunnels([GOOD_TUNNEL, if_(second_tunnel(), second_tunnel(IKEVersions=values("ikev1")))]), IKE
    ),
    "a tunnel missing in a branch": behind(
        CONDITION, with_tunnels([GOOD_TUNNEL, if_(second_tunnel(), NO_VALUE)]), BOTH
    ),
    "a joined group": behind({}, vpn(Phase1DHGroupNumbers=values({"Fn::Join": ["", ["2", "0"]]}))),
    "a joined weak group": behind({}, vpn(Phase1DHGroupNumbers=values({"Fn::Join": ["", ["2", "2"]]})), DH),
    "a hidden parameter": behind(HIDDEN, vpn(PreSharedKey={"Ref": "Key"}, TunnelInsideCidr={"Ref": "Cidr"})),
    "a parameter that is shown": behind(SHOWN, key({"Ref": "Key"}), KEY),
    "a default": behind(DEFAULT, key({"Ref": "Key"}), KEY),
    "an allowed value": behind(
        {"Parameters": {"Key": {"Type": "String", "NoEcho": True, "AllowedValues": ["A.Literal.Key_1"]}}},
        key({"Ref": "Key"}),
        KEY,
    ),
    "a default that is a reference": behind(
        {"Parameters": {"Key": {"Type": "String", "Default": "{{resolve:secretsmanager:a:SecretString:psk}}"}}},
        key({"Ref": "Key"}),
    ),
    "a parameter of Parameter Store": behind(
        {"Parameters": {"Key": {"Type": "AWS::SSM::Parameter::Value<String>", "NoEcho": True, "Default": "/key"}}},
        key({"Ref": "Key"}),
        KEY,
    ),
    "a key in a branch": behind(CONDITION, key(if_("A.Literal.Key_1", NO_VALUE)), KEY),
    "a key in the other branch": behind(CONDITION, key(if_(NO_VALUE, "A.Literal.Key_1")), KEY),
    "a key in a branch of tunnels": behind(
        CONDITION,
        with_tunnels(if_([GOOD_TUNNEL, second_tunnel()], [second_tunnel(PreSharedKey="A.Literal.Key_1"), GOOD_TUNNEL])),
        KEY,
    ),
    "a key in a map": behind(MAP, key({"Fn::FindInMap": ["Keys", REGION, "Key"]}), KEY),
    "a key in a map's default": behind(
        MAP, key({"Fn::FindInMap": ["Keys", "us-east-1", "Key", {"DefaultValue": "A.Literal.Key_1"}]}), KEY
    ),
    "a substituted key": behind({}, key({"Fn::Sub": "A.Literal.Key_1"}), KEY),
    "a key with the Region": behind({}, key({"Fn::Sub": "A.Literal${AWS::Region}"}), KEY),
    "a key of the Region": behind({}, key({"Fn::Sub": "${AWS::Region}.${AWS::AccountId}"}), KEY),
    "a joined key": behind({}, key({"Fn::Join": ["", ["hunter2", "hunter2"]]}), KEY),
    "a split key": behind({}, key({"Fn::Select": [0, {"Fn::Split": [",", "A.Literal.Key_1,b"]}]}), KEY),
    "a selected key": behind({}, key({"Fn::Select": [0, ["A.Literal.Key_1", "b"]]}), KEY),
    "a key in base64": behind({}, key({"Fn::Base64": "A.Literal.Key_1"}), KEY),
    "text before a joined reference": behind(
        {}, key({"Fn::Join": ["", ["x", "{{resolve:secretsmanager:", {"Ref": "Cgw"}, "}}"]]}), KEY
    ),
    "a joined reference": behind(
        {},
        key(
            {"Fn::Join": ["", ["{{resolve:secretsmanager:", {"Fn::GetAtt": ["Secret", "Id"]}, ":SecretString:psk::}}"]]}
        ),
    ),
    "a substituted reference": behind({}, key(ACCOUNT_KEY)),
    "an exported key": behind({}, key({"Fn::ImportValue": "key"}), KEY),
    "an attribute of a custom resource": behind(
        {"Resources": {"Mine": {"Type": "Custom::Key"}}}, key({"Fn::GetAtt": ["Mine", "Key"]}), KEY
    ),
    "an attribute that repeats a key": behind(
        {
            "Resources": {
                "Mine": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "A.Literal.Key_1"}}
            }
        },
        key({"Fn::GetAtt": ["Mine", "Value"]}),
        KEY,
    ),
    "a literal secret": behind(
        {}, {"Type": "AWS::SecretsManager::Secret", "Properties": {"SecretString": "hunter2"}}, SECRET
    ),
    "a literal secret in JSON": behind(
        SHOWN | HIDDEN,
        {
            "Type": "AWS::SecretsManager::Secret",
            "Properties": {"SecretString": {"Fn::Sub": '{"psk":"hunter2","x":"${Key}"}'}},
        },
        SECRET,
    ),
    "a secret of a hidden parameter": behind(
        HIDDEN, {"Type": "AWS::SecretsManager::Secret", "Properties": {"SecretString": {"Fn::Sub": '{"psk":"${Key}"}'}}}
    ),
    "a generated secret": behind(
        {}, {"Type": "AWS::SecretsManager::Secret", "Properties": {"GenerateSecretString": {}}}
    ),
    "SSH in a branch": behind(CONDITION, group(**ssh(CidrIp=if_("0.0.0.0/0", "10.0.0.0/8"))), SSH),
    "a rule in a branch": behind(
        CONDITION,
        {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {"GroupDescription": "x", "SecurityGroupIngress": [if_(ssh(CidrIp="0.0.0.0/0"), NO_VALUE)]},
        },
        SSH,
    ),
    "two quarters and more": behind(
        {},
        {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": "x",
                "SecurityGroupIngress": [ssh(CidrIp=f"{first}.0.0.0/8") for first in range(1, 140)],
            },
        },
        SSH,
    ),
    "a prefix list of everything": behind(
        {"Resources": {"List": {"Type": "AWS::EC2::PrefixList", "Properties": {"Entries": [{"Cidr": "0.0.0.0/1"}]}}}},
        group(**ssh(SourcePrefixListId={"Ref": "List"})),
        SSH,
    ),
    "a log by a condition": behind(CONDITION, endpoint(Enabled=if_(True, False)), LOG),
    "a certificate instead of keys": behind(
        {"Resources": {"Cgw": {"Type": "AWS::EC2::CustomerGateway", "Properties": {"CertificateArn": "arn"}}}},
        {"Type": "AWS::EC2::VPNConnection", "Properties": {**BY_CERTIFICATE, "CustomerGatewayId": {"Ref": "Cgw"}}},
    ),
    "open by a parameter": behind(
        {"Parameters": {"Cidr": {"Type": "String", "Default": "0.0.0.0/0"}}},
        authorization({"Ref": "Cidr"}, AuthorizeAllGroups=True),
        OPEN,
    ),
}
CASES = LITERALS | FUNCTIONS
