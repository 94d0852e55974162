#!/usr/bin/env bash
# Deploys a scenario to the local region with the unmodified CDK CLI; starts the region if none is running.
#
#   scripts/deploy-local.sh ScenarioDualCgwBgp [arguments of cdk deploy, such as -c idc_cidr=10.61.0.0/16]
set -euo pipefail
cd "$(dirname "$0")/.."

scenario=${1:?name a scenario; make ls lists them}
shift

python -m vpn_lab.region status >/dev/null 2>&1 || python -m vpn_lab.region start --detach
eval "$(python -m vpn_lab.region env)"
cdk bootstrap --no-notices >/dev/null 2>&1 || cdk bootstrap --no-notices
cdk deploy --no-notices --require-approval never "$scenario" "$@"

cat <<END

Look at it:   eval "\$(python -m vpn_lab.region env)"; then use boto3, the AWS CLI or npx cdk diff
Remove it:    npx cdk destroy --force $scenario; python -m vpn_lab.region stop
END
