"""EC2's error codes, for requests that the emulated service rejects."""

from __future__ import annotations

from moto.ec2.exceptions import EC2ClientError


def refusal(code: str, message: str) -> EC2ClientError:
    """The error with which EC2 rejects a request that it understood."""
    return EC2ClientError(code, message)


def invalid_value(parameter: str, value: object, rule: str) -> EC2ClientError:
    return refusal("InvalidParameterValue", f"Value ({value}) for parameter {parameter} is invalid. {rule}")


def dependency_violation(kind: str, identifier: str) -> EC2ClientError:
    return refusal("DependencyViolation", f"The {kind} '{identifier}' has dependencies and cannot be deleted.")
