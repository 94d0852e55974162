"""An Amazon Linux image that stays the same until its owner asks for a newer one."""

from __future__ import annotations

from aws_cdk import Aws, CustomResource
from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_placed
from cdk_aws_vpn.checks.texts import check_text
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.identity import what_it_is
from cdk_aws_vpn.foundation.instance_defaults import ARCHITECTURES, check_architecture
from cdk_aws_vpn.foundation.lookup_function import LookupFunction
from cdk_aws_vpn.foundation.places import node_of, stack_of

_PARAMETER = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-"


class PinnedAmi(Construct):
    """The newest Amazon Linux 2023 image (kernel 6.1) at the first deployment, and the same one from then on.

    The usual "latest AMI" parameter changes every two weeks, and a changed image replaces the instance. Here the
    image moves only when ``release`` does. That is for instances of your own: a :class:`CgwInstance` or a
    :class:`Host` with a fixed private address cannot be replaced by CloudFormation, which makes the new instance before
    it deletes the old one.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        architecture: ``x86_64`` or ``arm64``. Default: ``x86_64``.
        release: Any text. Change it to use the image that is then the newest. Default: ``"1"``.

    Raises:
        VpnConfigurationError: There is no such architecture, or the release is not a text.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, architecture: str = "x86_64", release: str = "1"
    ) -> None:
        check_architecture(architecture)
        check_release("release", release)
        super().__init__(scope, construct_id)
        function = LookupFunction.of(
            self,
            "VpnPinnedAmi",
            module="pinned_ami",
            description="Looks up the Amazon Linux 2023 image for CloudFormation and keeps the answer",
            actions=["ssm:GetParameter"],
            resources=[f"arn:{Aws.PARTITION}:ssm:{Aws.REGION}::parameter{_PARAMETER}{name}" for name in ARCHITECTURES],
            reasons={},
        )
        resource = CustomResource(
            self,
            "Resource",
            resource_type="Custom::PinnedAmi",
            service_token=function.service_token,
            properties={"ParameterName": f"{_PARAMETER}{architecture}", "Release": release},
        )
        self.image_id = resource.get_att_string("ImageId")
        """Id of the image, ``ami-…``."""

    @staticmethod
    def of(construct: Construct, *, architecture: str, release: str = "1") -> PinnedAmi:
        """Return the image that the stack of ``construct`` pins for ``architecture`` and ``release``.

        Args:
            construct: Any construct of the stack.
            architecture: ``x86_64`` or ``arm64``.
            release: Any text, as above. Default: ``"1"``.

        Raises:
            VpnConfigurationError: As above, or ``construct`` is not in a stack.
        """
        check_placed("construct", construct)
        check_architecture(architecture)
        check_release("release", release)
        stack = stack_of(construct)
        construct_id = f"PinnedAmi-{architecture}-{what_it_is(stack, release)}"
        existing = node_of(stack).try_find_child(construct_id)
        if isinstance(existing, PinnedAmi):
            return existing
        return PinnedAmi(stack, construct_id, architecture=architecture, release=release)


def check_release(prop: str, release: object) -> None:
    """Check that ``release`` is a text that can be told from another."""
    if not isinstance(release, str) or not release:
        raise VpnConfigurationError(prop, release, "a text that is not empty", "write it like '2'")
    check_text(prop, release)
