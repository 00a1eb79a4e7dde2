import { Case } from './case';

const on = (Runtime: string, Handler: string, more: object = {}) => ({ Runtime, Handler, ...more });
const GO = {
  'main.go': 'package main\n\nimport "os/user"\n\nfunc main() { u, _ := user.Current(); println(u.Name) }\n',
};
const go = (environment: string) => [`${environment} go build -o bootstrap main.go`, 'rm main.go'];
const java = (name: string, release: number) => [
  `mkdir -p classes && javac --release ${release} -d . source/${name}.java && rm -r source classes`,
];
const JAVA = {
  'source/App.java':
    'package com.acme;\npublic class App { public String handleRequest(String input) { return input; } }\n',
};

export const COMPILED: readonly Case[] = [
  {
    name: 'go, static',
    function: on('provided.al2023', 'bootstrap'),
    files: GO,
    commands: go('CGO_ENABLED=0 GOOS=linux GOARCH=amd64'),
  },
  {
    name: 'go, static on arm64',
    function: on('provided.al2', 'bootstrap', { Architectures: ['arm64'] }),
    files: GO,
    commands: go('CGO_ENABLED=0 GOOS=linux GOARCH=arm64'),
  },
  {
    name: 'go, dynamic',
    function: on('provided.al2023', 'bootstrap'),
    files: GO,
    commands: go('CGO_ENABLED=1 GOOS=linux GOARCH=amd64'),
  },
  {
    name: 'a script as the bootstrap, with a program for each architecture',
    function: on('provided.al2023', 'any'),
    files: { ...GO, bootstrap: '#!/bin/sh\nexec ./server-$(uname -m)\n' },
    commands: [
      'CGO_ENABLED=0 GOARCH=arm64 go build -o server-aarch64 main.go',
      'CGO_ENABLED=0 GOARCH=amd64 go build -o server-x86_64 main.go',
      'rm main.go && chmod +x bootstrap',
    ],
  },
  {
    name: 'java, classes and jars with libraries for all platforms',
    function: on('java21', 'com.acme.App::handleRequest'),
    files: JAVA,
    maven: [
      'org.xerial:sqlite-jdbc:3.46.1.0',
      'net.java.dev.jna:jna:5.14.0',
      'io.netty:netty-tcnative-boringssl-static:2.0.65.Final:jar:linux-aarch_64',
    ],
    commands: java('App', 17),
  },
  {
    name: 'java, a fat jar with libraries for all platforms',
    function: on('java17', 'com.acme.App'),
    files: JAVA,
    maven: [
      'org.xerial:sqlite-jdbc:3.46.1.0',
      'net.java.dev.jna:jna:5.14.0',
      'org.xerial.snappy:snappy-java:1.1.10.5',
      'com.github.luben:zstd-jni:1.5.6-4',
    ],
    fatJar: true,
    commands: java('App', 17),
  },
  {
    name: 'java, a fat jar on arm64',
    function: on('java21', 'com.acme.App', { Architectures: ['arm64'] }),
    files: JAVA,
    maven: ['org.xerial:sqlite-jdbc:3.46.1.0', 'org.lz4:lz4-java:1.8.0', 'org.rocksdb:rocksdbjni:9.1.1'],
    fatJar: true,
    commands: java('App', 17),
  },
  {
    name: 'ruby',
    function: on('ruby3.3', 'app.Orders::Handler.call'),
    files: {
      'app.rb':
        "require 'json'\nmodule Orders\n  class Handler\n    def self.call(event:, context:) = {}\n  end\nend\n",
    },
  },
  {
    name: 'go for arm64 on x86_64',
    function: on('provided.al2023', 'bootstrap'),
    files: GO,
    commands: go('CGO_ENABLED=0 GOOS=linux GOARCH=arm64'),
    refused: ['bootstrap is built for arm64', 'x86_64', 'build it for x86_64'],
  },
  {
    name: 'go under another name',
    function: on('provided.al2023', 'main'),
    files: GO,
    commands: ['CGO_ENABLED=0 go build -o main main.go', 'rm main.go'],
    refused: ['bootstrap', 'main'],
  },
  {
    name: 'java 17 on java11',
    function: on('java11', 'com.acme.App'),
    files: JAVA,
    commands: java('App', 17),
    refused: ['com/acme/App.class is compiled for Java 17', 'java11', 'compile with --release 11'],
  },
  {
    name: 'java without the class of the handler',
    function: on('java21', 'com.acme.Application'),
    files: JAVA,
    commands: java('App', 17),
    refused: ['com/acme/Application.class', 'com'],
  },
];
