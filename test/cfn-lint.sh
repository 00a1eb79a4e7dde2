#!/bin/bash
# Checks the templates with cfn-lint, in a virtual environment of its own: test/cfn-lint.sh
set -euo pipefail
cd "$(dirname "$0")/.."
if [ ! -x .venv/bin/cfn-lint ]; then
  python3 -m venv .venv
  .venv/bin/python3 -m pip install --quiet --disable-pip-version-check cfn-lint==1.58.0
fi
templates=$(mktemp -d)
npx tsx test/support/write-templates.ts "$templates"
# W3005: the CDK writes a dependency on a role beside the reference to it.
for template in "$templates"/*.json; do
  .venv/bin/cfn-lint --non-zero-exit-code warning --ignore-checks W3005 --regions us-east-1 eu-west-1 --template "$template"
  echo "$(basename "$template") passes cfn-lint"
done
