package com.acme.inventory;

import io.github.rayoonakano.lambdacicdpipeline.ApprovalOptions;
import io.github.rayoonakano.lambdacicdpipeline.ArtifactStoreOptions;
import io.github.rayoonakano.lambdacicdpipeline.BuildProjectOptions;
import io.github.rayoonakano.lambdacicdpipeline.CodeArtifact;
import io.github.rayoonakano.lambdacicdpipeline.ConnectionSourceOptions;
import io.github.rayoonakano.lambdacicdpipeline.CreateFunctionOptions;
import io.github.rayoonakano.lambdacicdpipeline.DeploymentAlarm;
import io.github.rayoonakano.lambdacicdpipeline.DeploymentAlarmOptions;
import io.github.rayoonakano.lambdacicdpipeline.DeploymentConfig;
import io.github.rayoonakano.lambdacicdpipeline.DurationAlarmOptions;
import io.github.rayoonakano.lambdacicdpipeline.ExistingCodeArtifactOptions;
import io.github.rayoonakano.lambdacicdpipeline.LambdaCiCdPipeline;
import io.github.rayoonakano.lambdacicdpipeline.NotificationEvent;
import io.github.rayoonakano.lambdacicdpipeline.NotificationOptions;
import io.github.rayoonakano.lambdacicdpipeline.Source;
import io.github.rayoonakano.lambdacicdpipeline.TargetFunction;
import io.github.rayoonakano.lambdacicdpipeline.TimeBasedOptions;
import io.github.rayoonakano.lambdacicdpipeline.VerificationOptions;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.codebuild.BuildEnvironmentVariable;
import software.amazon.awscdk.services.codebuild.BuildEnvironmentVariableType;
import software.amazon.awscdk.services.codedeploy.AutoRollbackConfig;
import software.amazon.awscdk.services.codepipeline.GitPushFilter;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.Tracing;

public final class FullApp {
  public static void main(String[] args) {
    App app = new App();
    Stack stack = new Stack(app, "InventoryAllocationPipeline", StackProps.builder()
        .env(Environment.builder().account("111122223333").region("us-east-1").build())
        .build());

    LambdaCiCdPipeline.Builder.create(stack, "Pipeline")
        .projectName("inventory-allocation")
        .projectDescription("Allocation of stock to orders")
        .source(Source.connection("acme/inventory-allocation", ConnectionSourceOptions.builder()
            .connectionArn("arn:aws:codeconnections:us-east-1:111122223333:connection/7c9e6679-7425-40de-944b-e07fc1f90ae7")
            .branch("main")
            .pushFilter(List.of(GitPushFilter.builder()
                .branchesIncludes(List.of("main"))
                .filePathsIncludes(List.of("Backend/**", "configuration/**"))
                .build()))
            .build()))
        .targetFunction(TargetFunction.create(CreateFunctionOptions.builder()
            .runtime(Runtime.PYTHON_3_13)
            .handler("lambda_functions.allocate.handler")
            .architecture(Architecture.ARM_64)
            .memorySize(512)
            .timeout(Duration.seconds(30))
            .environment(Map.of("STOCK_TABLE", "stock", "LOG_LEVEL", "INFO"))
            .tracing(Tracing.ACTIVE)
            .build()))
        .buildProject(BuildProjectOptions.builder()
            .sourceDirectory("Backend/src")
            .testDirectory("Backend/tests/UT_src")
            .dependencyFile("configuration/requirements.txt")
            .environmentVariables(Map.of("PYTEST_ADDOPTS", BuildEnvironmentVariable.builder()
                .type(BuildEnvironmentVariableType.PLAINTEXT)
                .value("--maxfail=5")
                .build()))
            .timeout(Duration.minutes(20))
            .build())
        .codeArtifact(CodeArtifact.existing(ExistingCodeArtifactOptions.builder()
            .domainName("acme")
            .repositoryName("python")
            .domainOwner("444455556666")
            .build()))
        .deploymentConfig(DeploymentConfig.linear(TimeBasedOptions.builder().percentage(25).interval(Duration.minutes(10)).build()))
        .bakeTime(Duration.minutes(10))
        .alarms(List.of(
            DeploymentAlarm.errors(DeploymentAlarmOptions.builder().threshold(5).build()),
            DeploymentAlarm.throttles(),
            DeploymentAlarm.duration(DurationAlarmOptions.builder()
                .maximum(Duration.seconds(3))
                .statistic("p99")
                .evaluationPeriods(2)
                .build())))
        .autoRollback(AutoRollbackConfig.builder().failedDeployment(true).stoppedDeployment(true).deploymentInAlarm(true).build())
        .approvals(List.of(
            ApprovalOptions.builder()
                .actionName("Tester")
                .additionalInformation("Has the test sheet been filled in?")
                .externalEntityLink("https://example.com/tests")
                .build(),
            ApprovalOptions.builder().actionName("ReleaseManager").timeout(Duration.days(2)).build()))
        .verification(VerificationOptions.builder()
            .commands(List.of("python3 -m pip install --quiet boto3 pytest", "python3 -m pytest Backend/tests/IT_src"))
            .build())
        .notifications(NotificationOptions.builder()
            .emails(List.of("team@example.com"))
            .events(List.of(NotificationEvent.BUILD_FAILED, NotificationEvent.DEPLOYMENT_FAILED, NotificationEvent.ROLLED_BACK))
            .build())
        .artifactStore(ArtifactStoreOptions.builder().expiration(Duration.days(90)).removalPolicy(RemovalPolicy.DESTROY).build())
        .build();

    app.synth();
  }
}
