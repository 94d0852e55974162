"""The policy: rule packs of cdk-nag and VPN rules, for an app or for any template."""
