"""The values of ``Ref`` and ``Fn::GetAtt`` for each resource type that VPN stacks use, as AWS documents them."""

from __future__ import annotations

import re
from typing import Any

import pytest

ACCOUNT, REGION = "123456789012", "us-east-1"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}]}
CODE = "def handler(event, context): return event"

RESOURCES: dict[str, dict[str, Any]] = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
    "Subnet": {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.1.0/24", "AvailabilityZone": "us-east-1a"},
    },
    "Group": {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {"GroupDescription": "d", "VpcId": {"Ref": "Vpc"}},
    },
    "Rule": {
        "Type": "AWS::EC2::SecurityGroupIngress",
        "Properties": {
            "GroupId": {"Ref": "Group"}, "IpProtocol": "udp", "FromPort": 500, "ToPort": 500, "CidrIp": "0.0.0.0/0",
        },
    },
    "Table": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
    "Association": {
        "Type": "AWS::EC2::SubnetRouteTableAssociation",
        "Properties": {"SubnetId": {"Ref": "Subnet"}, "RouteTableId": {"Ref": "Table"}},
    },
    "Interface": {"Type": "AWS::EC2::NetworkInterface", "Properties": {"SubnetId": {"Ref": "Subnet"}}},
    "Address": {"Type": "AWS::EC2::EIP"},
    "Connect": {"Type": "AWS::EC2::InstanceConnectEndpoint", "Properties": {"SubnetId": {"Ref": "Subnet"}}},
    "Gateway": {"Type": "AWS::EC2::VPNGateway", "Properties": {"Type": "ipsec.1"}},
    "Attachment": {
        "Type": "AWS::EC2::VPCGatewayAttachment",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "VpnGatewayId": {"Ref": "Gateway"}},
    },
    "Transit": {"Type": "AWS::EC2::TransitGateway"},
    "Spoke": {
        "Type": "AWS::EC2::TransitGatewayAttachment",
        "Properties": {
            "TransitGatewayId": {"Ref": "Transit"}, "VpcId": {"Ref": "Vpc"}, "SubnetIds": [{"Ref": "Subnet"}],
        },
    },
    "Template": {
        "Type": "AWS::EC2::LaunchTemplate",
        "Properties": {"LaunchTemplateData": {"InstanceType": "t3.micro"}},
    },
    "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 7}},
    "FlowLog": {
        "Type": "AWS::EC2::FlowLog",
        "Properties": {
            "ResourceId": {"Ref": "Vpc"}, "ResourceType": "VPC", "TrafficType": "ALL",
            "LogGroupName": {"Ref": "Logs"}, "DeliverLogsPermissionArn": {"Fn::GetAtt": ["Role", "Arn"]},
        },
    },
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}},
    "Policy": {
        "Type": "AWS::IAM::Policy",
        "Properties": {"PolicyName": "p", "PolicyDocument": ALLOW, "Roles": [{"Ref": "Role"}]},
    },
    "Managed": {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"PolicyDocument": ALLOW, "Roles": [{"Ref": "Role"}]},
    },
    "Profile": {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": [{"Ref": "Role"}]}},
    "Function": {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.13", "Handler": "index.handler", "Code": {"ZipFile": CODE},
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        },
    },
    "Permission": {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "FunctionName": {"Ref": "Function"}, "Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com",
        },
    },
    "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"GenerateSecretString": {}}},
    "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": ALLOW}},
    "Alias": {
        "Type": "AWS::KMS::Alias",
        "Properties": {"AliasName": "alias/of-the-test", "TargetKeyId": {"Ref": "Key"}},
    },
    "Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "v"}},
    "Alarm": {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "MetricName": "TunnelState", "Namespace": "AWS/VPN", "Statistic": "Minimum", "Period": 60,
            "EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "LessThanThreshold",
        },
    },
    "Dashboard": {"Type": "AWS::CloudWatch::Dashboard", "Properties": {"DashboardBody": '{"widgets": []}'}},
    "Bucket": {"Type": "AWS::S3::Bucket"},
    "BucketPolicy": {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {
            "Bucket": {"Ref": "Bucket"},
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Deny", "Principal": "*", "Action": "s3:*",
                        "Resource": {"Fn::GetAtt": ["Bucket", "Arn"]},
                    }
                ],
            },
        },
    },
}  # fmt: skip

HEX = "[0-9a-f]{17}"
EXPECTED: dict[str, str] = {
    "Vpc": f"vpc-{HEX}",
    "Vpc.VpcId": f"vpc-{HEX}",
    "Vpc.CidrBlock": r"10\.0\.0\.0/16",
    "Vpc.DefaultSecurityGroup": f"sg-{HEX}",
    "Subnet": f"subnet-{HEX}",
    "Subnet.AvailabilityZone": "us-east-1a",
    "Group": f"sg-{HEX}",
    "Group.GroupId": f"sg-{HEX}",
    "Group.VpcId": f"vpc-{HEX}",
    "Rule": f"sgr-{HEX}",
    "Table.RouteTableId": f"rtb-{HEX}",
    "Association": "(rtb|subnet)assoc-[0-9a-f]+",
    "Interface": f"eni-{HEX}",
    "Interface.PrimaryPrivateIpAddress": r"10\.0\.1\.\d+",
    "Address": r"203\.0\.113\.\d+",
    "Address.PublicIp": r"203\.0\.113\.\d+",
    "Address.AllocationId": f"eipalloc-{HEX}",
    "Connect": f"eice-{HEX}",
    "Gateway": f"vgw-{HEX}",
    "Gateway.VPNGatewayId": f"vgw-{HEX}",
    "Attachment.AttachmentType": "VGW",
    "Transit": f"tgw-{HEX}",
    "Spoke": f"tgw-attach-{HEX}",
    "Template": f"lt-{HEX}",
    "Template.LatestVersionNumber": "1",
    "Logs": ".*Logs.*",
    "Logs.Arn": rf"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:.*:\*",
    "FlowLog": f"fl-{HEX}",
    "Role": ".*Role.*",
    "Role.Arn": f"arn:aws:iam::{ACCOUNT}:role/.*Role.*",
    "Role.RoleId": "AROA[A-Z0-9]+",
    "Managed": f"arn:aws:iam::{ACCOUNT}:policy/.*Managed.*",
    "Profile": "[^:]*Profile[^:]*",
    "Profile.Arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/.*",
    "Function": "[^:]*Function[^:]*",
    "Function.Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:.*",
    "Secret": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:Secret-.*",
    "Key": "[0-9a-f-]{36}",
    "Key.Arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/.*",
    "Alias": "alias/of-the-test",
    "Parameter": ".*Parameter.*",
    "Parameter.Value": "v",
    "Alarm": ".*Alarm.*",
    "Alarm.Arn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:.*Alarm.*",
    "Dashboard": ".*Dashboard.*",
    "Bucket": "[a-z0-9.-]+",
    "Bucket.Arn": "arn:aws:s3:::.*",
    "Bucket.RegionalDomainName": f".*s3[.]{REGION}[.]amazonaws[.]com",
}


@pytest.mark.usefixtures("nothing_left")
def test_references_answer_as_on_aws_and_the_stack_leaves_nothing(stack: Any) -> None:
    outputs = {
        re.sub("[^A-Za-z0-9]", "", name): {"Value": {"Fn::GetAtt": name} if "." in name else {"Ref": name}}
        for name in EXPECTED
    }
    assert stack.create(RESOURCES, Outputs=outputs) == "CREATE_COMPLETE", stack.events()
    found = stack.outputs
    wrong = {
        name: found[re.sub("[^A-Za-z0-9]", "", name)]
        for name, pattern in EXPECTED.items()
        if not re.fullmatch(pattern, found[re.sub("[^A-Za-z0-9]", "", name)])
    }
    assert wrong == {}
    assert stack.delete() == "DELETE_COMPLETE"
