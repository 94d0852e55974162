"""Texts as long as the values that tokens stand for, so that the size of the user-data on AWS is known at synth."""

from __future__ import annotations

from dataclasses import replace

from cdk_aws_vpn.checks.tokens import is_token
from cdk_aws_vpn.device.configuration.settings import DeviceConfig


def with_real_lengths(config: DeviceConfig) -> DeviceConfig:
    """Replace each token by a text as long as its value can be, so that the size on AWS is known now."""

    def sized(value: str, length: int) -> str:
        # Still a token to the checks of the settings: they must not check a value that is not the real one.
        return f"{'${Token['.ljust(length - len(']}'), 'x')}]}}" if is_token(value) else value

    def all_sized(values: tuple[str, ...], length: int) -> tuple[str, ...]:
        return tuple(sized(value, length) for value in values)

    address, cidr, identifier = len("255.255.255.255"), len("255.255.255.255/32"), len("eipalloc-0123456789abcdef0")
    arn, bucket, key, url = 160, 63, 90, 512
    pair, code, metrics = config.pair, config.code, config.metrics
    return replace(
        config,
        region=sized(config.region, len("ap-southeast-1")),
        public_address=sized(config.public_address, address),
        private_address=sized(config.private_address, address),
        local_prefixes=all_sized(config.local_prefixes, cidr),
        remote_prefixes=all_sized(config.remote_prefixes, cidr),
        tunnels=tuple(
            replace(
                tunnel,
                outside_address=sized(tunnel.outside_address, address),
                pre_shared_key_secret=sized(tunnel.pre_shared_key_secret, arn),
            )
            for tunnel in config.tunnels
        ),
        pair=pair
        and replace(
            pair,
            partner_private_address=sized(pair.partner_private_address, address),
            route_table_ids=all_sized(pair.route_table_ids, identifier),
            network_interface_id=sized(pair.network_interface_id, identifier),
            shared_address_allocation_id=pair.shared_address_allocation_id
            and sized(pair.shared_address_allocation_id, identifier),
            ike_private_address=pair.ike_private_address and sized(pair.ike_private_address, address),
        ),
        metrics=metrics
        and replace(
            metrics,
            log_group=sized(metrics.log_group, 120),
            log_stream=sized(metrics.log_stream, 120),
            device=sized(metrics.device, 120),
        ),
        code=code and replace(code, bucket=sized(code.bucket, bucket), key=sized(code.key, key)),
        signal_url=config.signal_url and sized(config.signal_url, url),
    )
