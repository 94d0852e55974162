"""One model of an AWS VPN network, deployed or planned.

``network.Network`` is the root. ``read_api`` fills it from the AWS APIs, ``read_template`` from a CloudFormation
template. A value that cannot be known from a template is an ``unknown.Unknown``; nothing that was read is dropped.
"""
