#!/usr/bin/env bash
# Packs the library for npm, PyPI, Maven and Go, synthesizes each language's example with the package of its own, and compares what
# comes out with TypeScript's, byte for byte. It needs npm, Python 3.11, Java 17 with Maven, Go 1.25, and their package registries.
set -euo pipefail
cd "$(dirname "$0")/.."

LIBRARY=$PWD
MAVEN_REPOSITORY=$HOME/.m2/repository
MAVEN_PATH=io/github/rayoonakano/cdk-lambda-ci-cd-pipeline
GO_MODULE=github.com/Rayoo-Nakano/cdk-lambda-ci-cd-pipeline-go/cdklambdacicdpipeline
export CI=1 JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20

version_of() { node -p "require('./package.json').$1"; }
VERSION=$(version_of version)
CDK_VERSION=$(version_of 'devDependencies["aws-cdk-lib"]')
CONSTRUCTS_VERSION=$(version_of devDependencies.constructs)

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

say() { echo "> $*"; }

# Copies the example to a folder of its own, as it would stand in its user's repository.
enter() {
  cp -R "$LIBRARY/examples/$1" "$work/$1"
  cd "$work/$1"
}

pack() {
  rm -rf assets dist lib # nothing of an older build goes into a package
  for task in pre-compile compile post-compile package:js package:python package:java package:go; do
    say "npx projen $task"
    npx projen "$task" > "$work/log" 2>&1 || { cat "$work/log"; return 1; }
  done
}

typescript() {
  enter typescript
  npm install --no-audit --no-fund --loglevel=error "aws-cdk-lib@$CDK_VERSION" "constructs@$CONSTRUCTS_VERSION" "$LIBRARY"/dist/js/*.tgz
  npx tsc
  CDK_OUTDIR=$work/out/typescript node --import tsx app.ts
  CDK_OUTDIR=$work/out/typescript-own-source node --import tsx own-source.ts
}

python() {
  enter python
  python3 -m venv .venv
  .venv/bin/pip install --quiet "aws-cdk-lib==$CDK_VERSION" "constructs==$CONSTRUCTS_VERSION" "$LIBRARY"/dist/python/*.whl -r requirements.txt
  CDK_OUTDIR=$work/out/python .venv/bin/python app.py
  CDK_OUTDIR=$work/out/python-own-source .venv/bin/python own_source.py
  .venv/bin/cdk-lambda-ci-cd-pipeline --help > log 2>&1 || { cat log; return 1; }
}

java() {
  enter java
  cat > settings.xml <<XML
<settings>
  <profiles><profile><id>packed</id><repositories><repository><id>packed</id><url>file://$LIBRARY/dist/java</url></repository></repositories></profile></profiles>
  <activeProfiles><activeProfile>packed</activeProfile></activeProfiles>
</settings>
XML
  rm -rf "${MAVEN_REPOSITORY:?}/$MAVEN_PATH/$VERSION" # Maven never looks again at a version that it has
  CDK_OUTDIR=$work/out/java mvn --quiet --batch-mode --global-settings settings.xml "-Dmaven.repo.local=$MAVEN_REPOSITORY" "-Dpipeline.version=$VERSION" compile exec:java
}

go_() {
  enter go
  go mod edit "-replace=$GO_MODULE=$LIBRARY/dist/go/cdklambdacicdpipeline"
  go mod tidy
  CDK_OUTDIR=$work/out/go go run .
}

failed=0
compare() {
  for file in "$1.template.json" "$1.assets.json"; do
    if cmp "$work/out/$2/$file" "$work/out/$3/$file"; then
      say "the same in $2 and $3: $file"
    else
      failed=1
    fi
  done
}

pack
for language in typescript python java go_; do
  say "${language%_}"
  ("$language")
done
for language in python java go; do
  compare InventoryAllocationPipeline typescript "$language"
done
compare InventoryAllocationByHand typescript-own-source python-own-source
exit "$failed"
