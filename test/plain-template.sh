#!/usr/bin/env bash
# Checks the command `template` with the real AWS CLI: cfn-lint, validate-template, package and deploy, against moto's CloudFormation on
# this machine. docs/decisions/029-plain-cloudformation-from-the-construct.md says how far that goes.
#
#   npx projen bundle && npx projen compile && test/plain-template.sh
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'if [ -n "${server:-}" ]; then kill "$server"; wait "$server" 2> /dev/null || true; fi; rm -rf "$work"' EXIT
step() { printf '\n== %s\n' "$*"; }

step 'AWS CLI, moto and cfn-lint'
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'awscli==1.46.3' 'moto[server,cloudformation]==5.2.5' 'cfn-lint==1.58.0'
export PATH="$work/venv/bin:$PATH" AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none AWS_DEFAULT_REGION=eu-west-1 AWS_CONFIG_FILE=/dev/null AWS_PAGER=''
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export AWS_ENDPOINT_URL="http://127.0.0.1:$port"
moto_server -H 127.0.0.1 -p "$port" > "$work/moto.log" 2>&1 &
server=$!
until python3 -c "import socket; socket.create_connection(('127.0.0.1', $port)).close()" 2> /dev/null; do kill -0 "$server"; sleep 0.2; done

cd "$work"
template="$work/env/CICDPipelineForLambda.yml"
parameters="$work/env/CICDparameters.json"
mkdir -p env

step 'writes the template, and keeps the values of a parameter file in the usual spelling'
cat > "$parameters" <<'END'
{
  "ProjectName": "inventory-allocation",
  "Repository": "acme/inventory-allocation",
  "ConnectionArn": "arn:aws:codeconnections:eu-west-1:123456789012:connection/0a1b2c3d-1111-2222-3333-444455556666",
  "Handler": "lambda_functions.allocate.handler",
  "MemorySize": 256
}
END
node "$root/assets/cli/index.js" template --out env --deployment linear:25:10

step 'cfn-lint'
cfn-lint "$template"

if command -v java > /dev/null; then
  step 'the patterns, with Java, whose regular expressions CloudFormation has'
  for source in codecommit s3; do
    node "$root/assets/cli/index.js" template --out "$source" --source "$source" --runtime nodejs22.x --code-artifact > /dev/null
  done
  python3 -c 'import sys, yaml
for file in sys.argv[1:]:
    for name, parameter in yaml.safe_load(open(file))["Parameters"].items():
        if "AllowedPattern" in parameter:
            print(parameter["AllowedPattern"], parameter.get("Default", ""), sep="\t")' {env,codecommit,s3}/CICDPipelineForLambda.yml > patterns.txt
  cat > Patterns.java <<'END'
public class Patterns {
  public static void main(String[] arguments) throws Exception {
    for (String line : java.nio.file.Files.readAllLines(java.nio.file.Path.of("patterns.txt"))) {
      String[] parts = line.split("\t", 2);
      if (!java.util.regex.Pattern.compile(parts[0]).matcher(parts[1]).matches() && !parts[1].isEmpty()) {
        throw new Exception(line + ": the default does not match");
      }
    }
  }
}
END
  java Patterns.java
  echo "$(wc -l < patterns.txt) patterns"
fi

step 'aws cloudformation package'
aws s3 mb s3://packages
aws cloudformation package --template-file "$template" --s3-bucket packages --output-template-file packaged.yml
key=$(sed -n 's/^ *S3Key: *//p' packaged.yml)
aws s3 cp "s3://packages/$key" release-function.zip
python3 -c 'import sys, zipfile; assert zipfile.ZipFile("release-function.zip").read("index.js") == open("env/release-function/index.js", "rb").read(); print("holds the release function")'

# What moto goes without: it validates with cfn-lint, but without the exceptions that the template names (the shell's ${ProjectName}, and
# dependencies that the CDK says twice); it can't make up the name of a parameter in SSM; and it refuses references to types that it does not know.
cat > for-moto.py <<'END'
import json, sys, yaml
KNOWN = ['AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket', 'AWS::SSM::Parameter']
template = yaml.safe_load(open('packaged.yml'))
resources = template['Resources']
left_out = [name for name, resource in resources.items() if resource['Type'] not in KNOWN]

def without_references(value):
    if isinstance(value, list):
        return [without_references(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get('Ref') in left_out or value.get('Fn::GetAtt', [None])[0] in left_out:
        return 'arn:aws:s3:::unknown-to-moto'
    return {key: without_references(each) for key, each in value.items()}

for resource in resources.values():
    resource.pop('DependsOn', None)
resources['TargetFunctionConfiguration']['Properties']['Name'] = 'configuration'
json.dump(template, open('validated.json', 'w'), indent=1)
template['Resources'] = without_references({name: resource for name, resource in resources.items() if name not in left_out})
json.dump(template, open('known.json', 'w'), indent=1)
print('omitted:', ', '.join(sorted({resources[name]['Type'] for name in left_out})))
END
python3 for-moto.py
sed -i.bak 's/\${ProjectName}\.zip/$ProjectName.zip/' validated.json

step 'aws cloudformation validate-template'
aws cloudformation validate-template --template-body file://validated.json --query Description --output text

status() { aws cloudformation describe-stacks --stack-name "$1" --query 'Stacks[].[StackName,StackStatus]' --output text; }

step 'aws cloudformation create-stack'
aws cloudformation create-stack --stack-name created --template-body file://known.json --parameters "file://$parameters" --capabilities CAPABILITY_IAM --output text
status created
aws cloudformation list-stack-resources --stack-name created --query 'StackResourceSummaries[].[ResourceType,LogicalResourceId,PhysicalResourceId]' --output text
aws ssm get-parameter --name configuration --query Parameter.Value --output text | python3 -m json.tool --compact
aws cloudformation delete-stack --stack-name created
aws s3 rb s3://inventory-allocation-artifact-store # it is retained

step 'aws cloudformation deploy'
# The AWS CLI from PyPI is version 1, which takes Key=Value here; version 2 takes the file itself.
python3 -c 'import json, sys
print(json.dumps(["=".join([each["ParameterKey"], each["ParameterValue"]]) for each in json.load(open(sys.argv[1]))]))' "$parameters" > overrides.json
aws cloudformation deploy --template-file known.json --stack-name deployed --parameter-overrides file://overrides.json --capabilities CAPABILITY_IAM
status deployed
