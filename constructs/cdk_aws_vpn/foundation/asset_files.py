"""Finds the files that ship with the library, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path

from cdk_aws_vpn.checks.texts import check_text
from cdk_aws_vpn.errors import AssetError

NOT_SHIPPED = ("__pycache__", "*.pyc", ".mypy_cache", ".ruff_cache")
"""What tools leave behind in a checkout: it must not change the hash of an asset."""

_PACKAGE = Path(__file__).parents[1]


def asset_path(name: str) -> Path:
    """Return the folder or file ``name`` of the library's assets.

    A wheel carries the assets inside the package; a checkout has them in ``assets/`` at its top level.

    Args:
        name: Path below the assets folder, such as ``"cgw"`` or ``"handlers/tunnel_endpoints"``.

    Raises:
        AssetError: No such file was installed with the library.
        VpnConfigurationError: ``name`` is not a text.
    """
    check_text("name", name)
    candidates = (_PACKAGE / "assets" / name, _PACKAGE.parents[1] / "assets" / name)
    for candidate in candidates:
        if candidate.exists():
            return candidate
    looked = " and ".join(str(candidate.parent) for candidate in candidates)
    raise AssetError(f"asset {name!r} is missing; looked in {looked}; reinstall cdk-aws-vpn")
