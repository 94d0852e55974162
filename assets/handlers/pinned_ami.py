"""Looks up an AMI once and keeps the result.

CloudFormation asks again only when a property changes, so the AMI stays the same in every deployment until the owner
changes ``Release``.
"""

import boto3
from custom_resource import respond_to


def handler(event, context):
    """Entry point of the Lambda function."""
    respond_to(event, context, look_up, lambda properties: f"{properties['ParameterName']}#pinned")


def look_up(properties):
    """Return ``ImageId``, the current value of the public parameter ``ParameterName``."""
    parameter = boto3.client("ssm").get_parameter(Name=properties["ParameterName"])
    return {"ImageId": parameter["Parameter"]["Value"]}
