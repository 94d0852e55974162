#!/usr/bin/env bash
# Deploys a scenario to the local region with the unmodified CDK CLI; starts the region if none is running.
#
#   scripts/deploy-local.sh ScenarioDualCgwBgp [arguments of cdk deploy, such as -c idc_cidr=10.61.0.0/16]
set -euo pipefail
cd "$(dirname "$0")/.."

scenario=${1:?name a scenario; make ls lists them}
shift

python -m vpn_lab.region status >/dev/null 2>&1 || python -m vpn_lab.region start --detach | sed -n 1p
eval "$(python -m vpn_lab.region env)"
# in another folder, since here it would synthesize the whole application first
bootstrap() (cd .cache && cdk bootstrap --no-notices "aws://$AWS_ACCOUNT_ID/$AWS_REGION")
bootstrap >/dev/null 2>&1 || bootstrap
cdk deploy --no-notices --require-approval never "$scenario" "$@"

cat <<END

To look at it:
  . .venv/bin/activate
  eval "\$(python -m vpn_lab.region env)"    # boto3, the AWS CLI and npx cdk now see the local region only
  npx cdk diff $scenario
To remove it:
  npx cdk destroy --force $scenario
  python -m vpn_lab.region stop
END
