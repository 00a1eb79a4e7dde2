import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { cdkOf, type Context, type Registry, templateIn } from './registry';

const APP = (javaPackage: string) => `
import ${javaPackage}.CreateFunctionOptions;
import ${javaPackage}.LambdaCiCdPipeline;
import ${javaPackage}.Source;
import ${javaPackage}.TargetFunction;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.lambda.Runtime;

public final class Consumer {
  public static void main(String[] args) {
    App app = new App(AppProps.builder().outdir("cdk.out").build());
    LambdaCiCdPipeline.Builder.create(new Stack(app, "Consumer"), "Pipeline")
        .projectName("consumer")
        .source(Source.connection("acme/consumer"))
        .targetFunction(TargetFunction.create(CreateFunctionOptions.builder().runtime(Runtime.PYTHON_3_13).handler("app.handler").build()))
        .build();
    app.synth();
  }
}
`;

const dependency = (group: string, artifact: string, version: string) =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;

const POM = (repository: string, dependencies: string[]) => `
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.acme</groupId><artifactId>consumer</artifactId><version>1.0.0</version>
  <properties>
    <maven.compiler.source>11</maven.compiler.source><maven.compiler.target>11</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
    <exec.mainClass>Consumer</exec.mainClass>
  </properties>
  <repositories><repository><id>rehearsal</id><url>${repository}</url></repository></repositories>
  <dependencies>${dependencies.join('')}</dependencies>
  <build><plugins><plugin><groupId>org.codehaus.mojo</groupId><artifactId>exec-maven-plugin</artifactId><version>3.5.0</version></plugin></plugins></build>
</project>
`;

export class MavenRegistry implements Registry {
  readonly name = 'Maven';
  readonly tools = ['mvn', 'java'];
  readonly task = 'package:java';
  readonly repeated = undefined; // a folder takes a version twice; Maven Central does not
  private readonly url: string;

  constructor(private readonly context: Context) {
    this.url = `file://${context.workspace.folder('maven-registry')}`;
  }

  async start(): Promise<void> {
    // A folder is a repository: nothing to start
  }

  publish(dist: string): string {
    const { workspace, publishers } = this.context;
    return workspace.run(path.join(publishers, 'publib-maven'), [path.join(dist, 'java')], {
      env: {
        MAVEN_SERVER_ID: 'rehearsal',
        MAVEN_REPOSITORY_URL: this.url,
        MAVEN_USERNAME: 'rehearsal',
        MAVEN_PASSWORD: 'rehearsal',
      },
    });
  }

  consume(version: string): string {
    const { workspace, manifest } = this.context;
    const { package: javaPackage, maven } = manifest.jsii.targets.java;
    const { cdk, constructs } = cdkOf(manifest);
    const cwd = workspace.folder('consumer-maven');
    rmSync(path.join(cwd, 'cdk.out'), { recursive: true, force: true });
    mkdirSync(path.join(cwd, 'src/main/java'), { recursive: true });
    writeFileSync(path.join(cwd, 'src/main/java/Consumer.java'), APP(javaPackage));
    writeFileSync(
      path.join(cwd, 'pom.xml'),
      POM(this.url, [
        dependency('software.amazon.awscdk', 'aws-cdk-lib', cdk),
        dependency('software.constructs', 'constructs', constructs),
        dependency(maven.groupId, maven.artifactId, version),
      ]),
    );
    workspace.run('mvn', ['--quiet', '--batch-mode', 'clean', 'compile', 'exec:java'], { cwd });
    return templateIn(cwd);
  }
}
