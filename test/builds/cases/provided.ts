import * as lambda from 'aws-cdk-lib/aws-lambda';
import { BuildCase } from '../case';

const GO = { runtime: lambda.Runtime.PROVIDED_AL2023, handler: 'bootstrap', tools: ['go'] };
const RUST = { ...GO, tools: ['cargo'] };

/** A function that speaks Lambda's Runtime API without a library. */
const goMain = (imports: string[] = [], value = '"ok"') => `package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
${imports.map((each) => `	"${each}"\n`).join('')})

func answer() string { return fmt.Sprint(${value}) }

func main() {
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	for {
		next, err := http.Get(api + "next")
		if err != nil {
			os.Exit(1)
		}
		id := next.Header.Get("Lambda-Runtime-Aws-Request-Id")
		next.Body.Close()
		sent, err := http.Post(api+id+"/response", "application/json", strings.NewReader("\\""+answer()+"\\""))
		if err != nil {
			os.Exit(1)
		}
		sent.Body.Close()
	}
}
`;
const GO_TEST =
  'package main\n\nimport "testing"\n\nfunc TestAnswer(t *testing.T) {\n\tif answer() != "ok" {\n\t\tt.Fatal(answer())\n\t}\n}\n';
const mod = (name: string, more = '') => `module ${name}\n\ngo 1.24\n${more}`;

const RUST_MAIN = `use std::io::{Read, Write};
use std::net::TcpStream;

fn call(method: &str, path: &str, body: &str) -> String {
    let host = std::env::var("AWS_LAMBDA_RUNTIME_API").unwrap();
    let mut stream = TcpStream::connect(&host).unwrap();
    write!(stream, "{} /2018-06-01/runtime/invocation/{} HTTP/1.1\\r\\nHost: {}\\r\\nConnection: close\\r\\nContent-Length: {}\\r\\n\\r\\n{}", method, path, host, body.len(), body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn main() {
    loop {
        let next = call("GET", "next", "");
        let id = next.lines().find(|line| line.to_lowercase().starts_with("lambda-runtime-aws-request-id:")).unwrap().split(':').nth(1).unwrap().trim().to_string();
        call("POST", &format!("{}/response", id), "\\"ok\\"");
    }
}
`;
const cargo = (name: string, more = '') => `[package]\nname = "${name}"\nversion = "1.0.0"\nedition = "2021"\n${more}`;

export const PROVIDED_CASES: BuildCase[] = [
  {
    ...GO,
    name: 'go: a module with tests in the root',
    files: { 'go.mod': mod('acme'), 'main.go': goMain(), 'main_test.go': GO_TEST },
    packed: ['bootstrap'],
    notPacked: ['main.go', 'go.mod'],
    says: ['1 tests passed'],
    sameBytes: true,
  },
  {
    ...GO,
    name: 'go: a module in a folder',
    files: { 'svc/go.mod': mod('acme/svc'), 'svc/main.go': goMain(), 'README.md': '' },
    buildProject: { sourceDirectory: 'svc' },
    packed: ['bootstrap'],
  },
  {
    ...GO,
    name: 'go: the only main package is in a folder of the module',
    files: {
      'go.mod': mod('acme'),
      'internal/rules/rules.go': 'package rules\n\nconst Name = "ok"\n',
      'cmd/fn/main.go': goMain(['acme/internal/rules'], 'rules.Name'),
      'cmd/fn/main_test.go': GO_TEST,
    },
    packed: ['bootstrap'],
    says: ['1 tests passed'],
  },
  {
    ...GO,
    name: 'go: several main packages, of which one is the function',
    files: { 'go.mod': mod('acme'), 'cmd/a/main.go': goMain(), 'cmd/b/main.go': goMain() },
    buildProject: { sourceDirectory: 'cmd/b' },
    packed: ['bootstrap'],
  },
  {
    ...GO,
    name: 'go: several main packages without a choice',
    files: { 'go.mod': mod('acme'), 'cmd/a/main.go': goMain(), 'cmd/b/main.go': goMain() },
    red: ['contains several main packages: cmd/a, cmd/b', 'set buildProject.sourceDirectory'],
  },
  {
    ...GO,
    name: 'go: a module of a workspace, with another module',
    files: {
      'go.work': 'go 1.24\n\nuse (\n\t./lib\n\t./svc\n)\n',
      'lib/go.mod': mod('acme/lib'),
      'lib/lib.go': 'package lib\n\nconst Name = "ok"\n',
      'svc/go.mod': mod('acme/svc', '\nrequire acme/lib v0.0.0\n'),
      'svc/cmd/fn/main.go': goMain(['acme/lib'], 'lib.Name'),
    },
    buildProject: { sourceDirectory: 'svc' },
    packed: ['bootstrap'],
  },
  {
    ...GO,
    name: 'go: a file that is embedded',
    files: {
      'go.mod': mod('acme'),
      'rules.go': 'package main\n\nimport _ "embed"\n\n//go:embed rules.txt\nvar rules string\n',
      'rules.txt': 'ok',
      'main.go': goMain([], 'rules'),
    },
    packed: ['bootstrap'],
  },
  {
    ...GO,
    name: 'go: a test that fails',
    files: { 'go.mod': mod('acme'), 'main.go': goMain([], '"other"'), 'main_test.go': GO_TEST },
    red: ['1 of 1 tests failed'],
  },
  {
    ...GO,
    name: 'go: code that does not compile',
    files: { 'go.mod': mod('acme'), 'main.go': goMain([], 'missing') },
    red: ['undefined: missing'],
  },
  {
    ...GO,
    name: 'go: a module without a main package',
    files: { 'go.mod': mod('acme'), 'lib.go': 'package lib\n' },
    red: ['contains no package main'],
  },
  {
    ...GO,
    name: 'provided: neither Go nor Rust',
    files: { 'app.sh': 'echo ok\n' },
    red: ['no go.mod or Cargo.toml in . or above it', 'buildProject.buildCommands'],
  },
  {
    ...GO,
    name: 'provided: commands of the user build any language',
    files: { 'main.go': goMain(), 'build/go.mod': mod('acme') },
    buildProject: {
      buildCommands: [
        'cp main.go build/ && cd build && CGO_ENABLED=0 go build -o bootstrap . && zip -q "../${ProjectName}.zip" bootstrap && cd ..',
      ],
    },
    tools: ['go', 'zip'],
    packed: ['bootstrap'],
  },
  {
    ...RUST,
    name: 'rust: a package with one binary',
    files: { 'Cargo.toml': cargo('orders'), 'src/main.rs': RUST_MAIN },
    packed: ['bootstrap'],
    notPacked: ['target', 'Cargo.toml'],
    says: ['no report: cargo test'],
  },
  {
    ...RUST,
    name: 'rust: a member of a workspace',
    files: {
      'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n',
      'crates/fn/Cargo.toml': cargo('fn', '[dependencies]\nrules = { path = "../rules" }\n'),
      'crates/fn/src/main.rs': RUST_MAIN.replace('fn main() {', 'fn main() {\n    assert_eq!(rules::NAME, "rules");'),
      'crates/rules/Cargo.toml': cargo('rules'),
      'crates/rules/src/lib.rs': 'pub const NAME: &str = "rules";\n',
    },
    buildProject: { sourceDirectory: 'crates/fn' },
    packed: ['bootstrap'],
  },
  {
    ...RUST,
    name: 'rust: several binaries without a choice',
    files: {
      'Cargo.toml': cargo('orders'),
      'src/bin/a.rs': 'fn main() {}\n',
      'src/bin/b.rs': 'fn main() {}\n',
    },
    red: ['contains several binaries: a, b', 'name its binary bootstrap'],
  },
  {
    ...RUST,
    name: 'rust: one of several binaries, by a variable',
    files: {
      'Cargo.toml': cargo('orders'),
      'src/bin/a.rs': 'fn main() {}\n',
      'src/bin/b.rs': RUST_MAIN,
    },
    buildProject: { environmentVariables: { RECIPE_BINARY: { value: 'b' } } },
    packed: ['bootstrap'],
  },
  {
    ...RUST,
    name: 'rust: code that does not compile',
    files: { 'Cargo.toml': cargo('orders'), 'src/main.rs': 'fn main() { missing(); }\n' },
    red: ['cannot find function `missing`'],
  },
];
