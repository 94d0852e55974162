"""AWS Site-to-Site VPN for the AWS CDK."""
