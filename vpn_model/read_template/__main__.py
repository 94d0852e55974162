"""``python -m vpn_model.read_template [FOLDER]`` prints the paths of the templates in ``cdk.out``, one per line."""

from __future__ import annotations

import sys
from pathlib import Path

from vpn_model.read_template.assembly import ASSEMBLY, template_paths
from vpn_model.read_template.errors import TemplateError

try:
    print(*template_paths(Path(sys.argv[1]) if len(sys.argv) > 1 else ASSEMBLY).values(), sep="\n")
except TemplateError as problem:
    sys.exit(str(problem))
