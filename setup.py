"""The packages of the wheel; pyproject.toml says everything else.

They are found, so that a new folder is in the wheel without being listed. The assets stand at the top of the
repository, where a reader looks for them, and are installed inside ``cdk_aws_vpn``: ``find`` in pyproject.toml cannot
express that.
"""

from setuptools import find_packages, setup

setup(
    packages=[
        *find_packages("constructs"),
        "cdk_aws_vpn.assets",
        *find_packages(include=["vpn_model*", "vpn_ops*"]),
    ],
)
