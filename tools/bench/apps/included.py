"""The templates of the scenarios, read by one call per stack and checked by the same policy.

No construct of the library is made. What this app needs beyond an empty one is the share that no library can save:
the CDK reads, validates and writes the same resources.
"""

import os
from contextlib import suppress
from pathlib import Path

import aws_cdk as cdk
from aws_cdk.cloudformation_include import CfnInclude

from cdk_aws_vpn import apply_vpn_policy

app = cdk.App()
apply_vpn_policy(app)
for template in sorted(Path(os.environ["BENCH_TEMPLATES"]).glob("*.template.json")):
    # the template has the rule already
    synthesizer = cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False)
    stack = cdk.Stack(app, template.name.partition(".")[0], synthesizer=synthesizer)
    CfnInclude(stack, "Template", template_file=str(template))
with suppress(RuntimeError):  # a template does not contain the acknowledgements, so there are findings
    app.synth()
