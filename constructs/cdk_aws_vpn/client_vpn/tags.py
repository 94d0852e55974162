"""The tags of a Client VPN endpoint, whose type takes them in a property of its own that the CDK does not fill."""

from __future__ import annotations

from typing import Any

import jsii
from aws_cdk import IResolvable, IStableAnyProducer, ITaggable, Lazy, TagManager, TagType
from constructs import Construct

from cdk_aws_vpn.foundation.places import stack_of

_TYPE = "AWS::EC2::ClientVpnEndpoint"


@jsii.implements(ITaggable)
class EndpointTags(Construct):
    """Takes tags as a resource does: the stack's own, those of ``Tags.of(…)`` of anything around it, and of aspects.

    Args:
        scope: The endpoint.
        construct_id: Its id there.
        name: Name tag, unless there is another one.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str) -> None:
        super().__init__(scope, construct_id)
        # CloudFormation itself puts a stack's tags on resources with a property Tags only
        given = {**stack_of(self).tags.tag_values(), "Name": name}
        initial = [{"key": key, "value": value} for key, value in given.items()]
        self._tags = TagManager(TagType.STANDARD, _TYPE, initial)

    @property
    def tags(self) -> TagManager:
        """What the CDK adds tags to and removes them from."""
        return self._tags

    @property
    def specifications(self) -> IResolvable:
        """The endpoint's ``TagSpecifications``, complete at the end of the synthesis."""
        return Lazy.any(_Specifications(self))


@jsii.implements(IStableAnyProducer)
class _Specifications:
    def __init__(self, endpoint: EndpointTags) -> None:
        self._endpoint = endpoint

    def produce(self) -> Any:
        """Return the property, as the CDK asks for it."""
        found = self._endpoint.tags.tag_values()
        tags = [{"key": key, "value": found[key]} for key in sorted(found)]
        return [{"resourceType": "client-vpn-endpoint", "tags": tags}] if tags else None
