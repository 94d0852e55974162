"""Templates as texts: what is read, and what is refused without showing a value."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vpn_model.read_template.assembly import read_assembly, template_paths
from vpn_model.read_template.document import DEEPEST, LARGEST_TEMPLATE, parse_document, read_document
from vpn_model.read_template.errors import TemplateError
from vpn_model.read_template.template import read_template

SHORT = """
AWSTemplateFormatVersion: 2010-09-09
Conditions:
  Both: !And [!Condition One, !Not [!Equals [!Ref A, "1"]]]
Resources:
  Thing:
    Type: AWS::EC2::VPC
    Properties:
      Attribute: !GetAtt Other.Inner.Value
      List: !GetAtt [Other, Value]
      Nested: !Select [0, !Split [",", !Sub "${A}"]]
      Named: !FindInMap [Map, !Ref AWS::Region, Key]
      Block: !Base64
        Fn::Sub: text
      Date: 2012-10-17
      Equal: =
"""


def test_short_tags_become_long_forms_and_a_date_stays_text() -> None:
    body = parse_document(SHORT)
    assert body["AWSTemplateFormatVersion"] == "2010-09-09"
    assert body["Conditions"]["Both"] == {
        "Fn::And": [{"Condition": "One"}, {"Fn::Not": [{"Fn::Equals": [{"Ref": "A"}, "1"]}]}]
    }
    assert body["Resources"]["Thing"]["Properties"] == {
        "Attribute": {"Fn::GetAtt": ["Other", "Inner.Value"]},
        "List": {"Fn::GetAtt": ["Other", "Value"]},
        "Nested": {"Fn::Select": [0, {"Fn::Split": [",", {"Fn::Sub": "${A}"}]}]},
        "Named": {"Fn::FindInMap": ["Map", {"Ref": "AWS::Region"}, "Key"]},
        "Block": {"Fn::Base64": {"Fn::Sub": "text"}},
        "Date": "2012-10-17",
        "Equal": "=",
    }


def test_keys_are_texts_whatever_they_look_like() -> None:
    body = parse_document("Resources: {}\nMappings:\n  Accounts:\n    123456789012: {Yes: a, 1: b}\n")
    assert body["Mappings"] == {"Accounts": {"123456789012": {"Yes": "a", "1": "b"}}}


def test_json_and_yaml_give_the_same() -> None:
    body = {"Resources": {"A": {"Type": "T", "Properties": {"N": 1, "B": True, "L": ["x", {"Ref": "P"}]}}}}
    assert parse_document(json.dumps(body)) == body
    assert parse_document("\ufeff" + json.dumps(body, indent=2)) == body
    yaml = "Resources:\n  A:\n    Type: T\n    Properties: {N: 1, B: true, L: [x, !Ref P]}\n"
    assert parse_document(yaml) == body


MALFORMED = {
    "a list": ("[1]", "must be a mapping with a mapping 'Resources'"),
    "no resources": ("Parameters: {}", "must be a mapping with a mapping 'Resources'"),
    "resources as a list": ("Resources: []", "must be a mapping with a mapping 'Resources'"),
    "empty": ("\ufeff \n", "the template is empty"),
    "null": ("null", "must be a mapping with a mapping 'Resources'"),
    "the same key twice in YAML": ("Resources: {}\nMappings:\n  A: 1\n  A: 2\n", "line 4: the key 'A' appears twice"),
    "the same key twice in JSON": ('{"Resources": {}, "Resources": {}}', "the key 'Resources' appears twice"),
    "an alias": ("Resources: &all {}\nMappings: *all\n", "line 2: CloudFormation allows no YAML aliases"),
    "a merge of an alias": ("Resources:\n  A: &a {Type: T}\n  B:\n    <<: *a\n", "line 4: CloudFormation allows no"),
    "an unknown tag": ("Resources: {A: !Reff B}", "line 1: the tag !Reff is unknown; use one of !Ref"),
    "a tag of Python": ("Resources: {A: !!python/object/apply:os.getcwd []}", "line 1: no YAML"),
    "a list as a key": ("Resources: {? [a] : b}", "a key must be a text"),
    "broken YAML": ("Resources: {A: [\n", "no YAML"),
    "a control character": ("Resources: {A: '\x01'}", "no YAML"),
    "broken JSON": ('{"Resources": {', "line 1, column 16: no JSON"),
    "deep YAML": ("Resources: {A: " + "[" * DEEPEST + "]" * DEEPEST + "}", f"more than {DEEPEST} levels"),
    "very deep YAML": ("Resources: {A: " + "[" * 1200 + "]" * 1200 + "}", f"more than {DEEPEST} levels"),
    "very deep JSON": ('{"Resources": {"A": ' + "[" * 20_000, f"more than {DEEPEST} levels"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_cloudformation_refuses_is_refused(name: str) -> None:
    text, message = MALFORMED[name]
    with pytest.raises(TemplateError) as problem:
        parse_document(text)
    assert message in str(problem.value)


@pytest.mark.parametrize(
    "text",
    [
        "Resources: {A: {PreSharedKey: my.secret.key, B: [}",
        'Resources: {A: "my.secret.key\n',
        '{"Resources": {"PreSharedKey": "my.secret.key", }}',
        "Resources:\n  PreSharedKey: my.secret.key\n  PreSharedKey: my.secret.key\n",
        "Resources:\n  PreSharedKey: !Secret my.secret.key\n",
    ],
)
def test_no_error_shows_a_value(text: str) -> None:
    with pytest.raises(TemplateError) as problem:
        parse_document(text)
    assert "my.secret" not in str(problem.value)
    assert problem.value.__cause__ is None
    assert problem.value.__suppress_context__ or problem.value.__context__ is None


def test_a_file_is_named_in_its_errors(tmp_path: Path) -> None:
    path = tmp_path / "vpn.yaml"
    path.write_text("Resources: []\n")
    with pytest.raises(TemplateError, match=r"^vpn\.yaml: a template must be a mapping"):
        read_document(path)
    path.write_bytes(b"Resources: {A: \xff}")
    with pytest.raises(TemplateError, match="UTF-8"):
        read_document(path)
    path.write_text("#" * (LARGEST_TEMPLATE + 1))
    with pytest.raises(TemplateError, match="at most 1000000 bytes"):
        read_document(path)


def test_the_stacks_of_an_assembly_are_those_of_its_manifest(tmp_path: Path) -> None:
    for name in ("A", "B", "Old"):
        (tmp_path / f"{name}.template.json").write_text('{"Resources": {}}')
    stack = {"type": "aws:cloudformation:stack"}
    artifacts = {
        "B.assets": {"type": "cdk:asset-manifest"},
        "B": {**stack, "properties": {"templateFile": "B.template.json", "stackName": "named-b"}},
        "A": {**stack, "properties": {"templateFile": "A.template.json"}},
    }
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    assert template_paths(tmp_path) == {"named-b": tmp_path / "B.template.json", "A": tmp_path / "A.template.json"}
    assert [one.name for one in read_assembly(tmp_path)] == ["named-b", "A"]
    assert read_template(tmp_path / "A.template.json").name == "A"


def test_a_folder_without_a_manifest_is_no_assembly(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"has no manifest\.json; run: cdk synth"):
        template_paths(tmp_path)
