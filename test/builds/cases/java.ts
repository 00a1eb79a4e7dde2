import * as lambda from 'aws-cdk-lib/aws-lambda';
import { BuildCase } from '../case';

const JAVA = {
  runtime: lambda.Runtime.JAVA_17,
  handler: 'com.acme.App::handleRequest',
  tools: ['mvn', 'java'],
};

/** A handler without an interface of Lambda, which uses another class or not. */
const app = (use = '"ok"') =>
  `package com.acme;\npublic class App {\n  public String handleRequest(Object event) {\n    return ${use};\n  }\n}\n`;
const RULES =
  'package com.acme.rules;\npublic class Rules {\n  public static final String NAME = String.valueOf("rules");\n}\n';
const pom = (artifact: string, more = '', parent = '') =>
  '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>' +
  `${parent}<groupId>com.acme</groupId><artifactId>${artifact}</artifactId><version>1.0</version>` +
  `<properties><maven.compiler.source>17</maven.compiler.source><maven.compiler.target>17</maven.compiler.target>` +
  `<project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>${more}</project>\n`;
const dependency = (group: string, artifact: string, version: string, scope = 'compile') =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>` +
  `<scope>${scope}</scope></dependency>`;
const dependencies = (...list: string[]) => `<dependencies>${list.join('')}</dependencies>`;
const plugin = (artifact: string, version: string, more = '') =>
  '<plugin><groupId>org.apache.maven.plugins</groupId>' +
  `<artifactId>${artifact}</artifactId><version>${version}</version>${more}</plugin>`;
const build = (...plugins: string[]) => `<build><plugins>${plugins.join('')}</plugins></build>`;
const CODEC = dependency('commons-codec', 'commons-codec', '1.17.1');
const USES_CODEC = app('org.apache.commons.codec.binary.Hex.encodeHexString(new byte[] { 1 })');
const SHADE = plugin(
  'maven-shade-plugin',
  '3.6.0',
  '<executions><execution><phase>package</phase><goals><goal>shade</goal></goals></execution></executions>',
);

export const JAVA_CASES: BuildCase[] = [
  {
    ...JAVA,
    name: 'java: a Maven project with a dependency',
    files: {
      'pom.xml': pom('orders', dependencies(CODEC)),
      'src/main/java/com/acme/App.java': USES_CODEC,
      'src/main/resources/rules.json': '{}',
    },
    packed: ['com/acme/App.class', 'rules.json', 'lib/commons-codec.commons-codec-1.17.1.jar'],
    notPacked: ['pom.xml', 'App.java'],
    sameBytes: true,
  },
  {
    ...JAVA,
    name: 'java: a Maven project in a folder, with a dependency of the tests',
    files: {
      'backend/pom.xml': pom('orders', dependencies(dependency('commons-codec', 'commons-codec', '1.17.1', 'test'))),
      'backend/src/main/java/com/acme/App.java': app(),
    },
    buildProject: { sourceDirectory: 'backend' },
    packed: ['com/acme/App.class'],
    notPacked: ['lib'],
  },
  {
    ...JAVA,
    name: 'java: the dependency file names the Maven project',
    files: { 'services/orders/pom.xml': pom('orders'), 'services/orders/src/main/java/com/acme/App.java': app() },
    buildProject: { dependencyFile: 'services/orders/pom.xml' },
    packed: ['com/acme/App.class'],
  },
  {
    ...JAVA,
    name: 'java: a module of a Maven build, with another module',
    files: {
      'pom.xml': pom(
        'parent',
        '<packaging>pom</packaging><modules><module>rules</module><module>fn</module></modules>',
      ),
      'rules/pom.xml': pom('rules'),
      'rules/src/main/java/com/acme/rules/Rules.java': RULES,
      'fn/pom.xml': pom('fn', dependencies(dependency('com.acme', 'rules', '1.0'))),
      'fn/src/main/java/com/acme/App.java': app('com.acme.rules.Rules.NAME'),
    },
    buildProject: { sourceDirectory: 'fn' },
    packed: ['com/acme/App.class', 'lib/com.acme.rules-1.0.jar'],
    sameBytes: true,
  },
  {
    ...JAVA,
    name: 'java: a module that uses no other module is built alone',
    files: {
      'pom.xml': pom(
        'samples',
        '<packaging>pom</packaging><modules><module>other</module><module>fn</module></modules>',
      ),
      'other/pom.xml': pom('other', '<packaging>no-such-packaging</packaging>'),
      'fn/pom.xml': pom('fn'),
      'fn/src/main/java/com/acme/App.java': app(),
    },
    buildProject: { sourceDirectory: 'fn' },
    packed: ['com/acme/App.class'],
  },
  {
    ...JAVA,
    name: 'java: a module inherits from the root of its Maven build',
    files: {
      'pom.xml': pom(
        'parent',
        `<packaging>pom</packaging><modules><module>fn</module></modules>${dependencies(CODEC)}`,
      ),
      'fn/pom.xml': pom(
        'fn',
        '',
        '<parent><groupId>com.acme</groupId><artifactId>parent</artifactId><version>1.0</version></parent>',
      ),
      'fn/src/main/java/com/acme/App.java': USES_CODEC,
    },
    buildProject: { sourceDirectory: 'fn' },
    packed: ['com/acme/App.class', 'lib/commons-codec.commons-codec-1.17.1.jar'],
  },
  {
    ...JAVA,
    name: 'java: a jar of the shade plugin',
    files: {
      'pom.xml': pom('orders', dependencies(CODEC) + build(SHADE)),
      'src/main/java/com/acme/App.java': USES_CODEC,
    },
    packed: ['com/acme/App.class', 'org/apache/commons/codec/binary/Hex.class'],
    notPacked: ['lib'],
    says: ['a plugin of pom.xml made target/orders-1.0.jar'],
    sameBytes: true,
  },
  {
    ...JAVA,
    name: 'java: a class that does not compile',
    files: { 'pom.xml': pom('orders'), 'src/main/java/com/acme/App.java': app('missing') },
    red: ['mvn ended with exit status 1', 'cannot find symbol', 'App.java'],
  },
  {
    ...JAVA,
    name: 'java: a dependency that does not exist',
    files: {
      'pom.xml': pom('orders', dependencies(dependency('com.acme', 'nowhere', '9.9'))),
      'src/main/java/com/acme/App.java': app(),
    },
    red: ['com.acme:nowhere:jar:9.9'],
  },
  {
    ...JAVA,
    name: 'java: no build file',
    files: { 'src/main/java/com/acme/App.java': app() },
    red: ['no pom.xml or build.gradle in . or above it', 'buildProject.sourceDirectory'],
  },
  {
    ...JAVA,
    name: 'java: a build file that is not XML',
    files: { 'pom.xml': '<project><modules>', 'src/main/java/com/acme/App.java': app() },
    red: ['pom.xml is not valid XML'],
  },
  {
    ...JAVA,
    name: 'java: the parent of the modules is not the function',
    files: {
      'pom.xml': pom('parent', '<packaging>pom</packaging><modules><module>fn</module></modules>'),
      'fn/pom.xml': pom('fn'),
      'fn/src/main/java/com/acme/App.java': app(),
    },
    red: ['contains no classes', 'set buildProject.sourceDirectory to the module of the function', "'fn'"],
  },
];
