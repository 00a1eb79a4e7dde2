package com.acme.inventory;

import io.github.rayoonakano.lambdacicdpipeline.BuildProjectOptions;
import io.github.rayoonakano.lambdacicdpipeline.CreateFunctionOptions;
import io.github.rayoonakano.lambdacicdpipeline.DeploymentConfig;
import io.github.rayoonakano.lambdacicdpipeline.LambdaCiCdPipeline;
import io.github.rayoonakano.lambdacicdpipeline.Source;
import io.github.rayoonakano.lambdacicdpipeline.TargetFunction;
import io.github.rayoonakano.lambdacicdpipeline.TimeBasedOptions;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.lambda.Runtime;

public final class InventoryAllocationApp {
  public static void main(String[] args) {
    App app = new App();
    Stack stack = new Stack(app, "InventoryAllocationPipeline");
    LambdaCiCdPipeline.Builder.create(stack, "Pipeline")
        .projectName("inventory-allocation")
        .projectDescription("Allocation of stock to orders")
        .source(Source.connection("acme/inventory-allocation"))
        .targetFunction(TargetFunction.create(CreateFunctionOptions.builder()
            .runtime(Runtime.PYTHON_3_13)
            .handler("lambda_functions.allocate.handler")
            .memorySize(256)
            .timeout(Duration.seconds(10))
            .build()))
        .buildProject(BuildProjectOptions.builder()
            .sourceDirectory("Backend/src")
            .testDirectory("Backend/tests/UT_src")
            .dependencyFile("configuration/requirements.txt")
            .build())
        .deploymentConfig(DeploymentConfig.linear(TimeBasedOptions.builder()
            .percentage(25)
            .interval(Duration.minutes(10))
            .build()))
        .build();
    app.synth();
  }
}
