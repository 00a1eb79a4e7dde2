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

public final class Refusal {
  public static void main(String[] args) {
    String bad = args[0];
    LambdaCiCdPipeline.Builder.create(new Stack(new App(), "Refused"), "Pipeline")
        .projectName(bad.equals("project-name") ? "Inventory_Allocation" : "inventory-allocation")
        .source(Source.connection("acme/inventory-allocation"))
        .targetFunction(TargetFunction.create(CreateFunctionOptions.builder()
            .runtime(Runtime.PYTHON_3_13)
            .handler("app.handler")
            .build()))
        .buildProject(BuildProjectOptions.builder()
            .sourceDirectory(bad.equals("source-directory") ? "../src" : "src")
            .build())
        .deploymentConfig(DeploymentConfig.canary(TimeBasedOptions.builder()
            .percentage(bad.equals("canary") ? 100 : 10)
            .interval(Duration.minutes(5))
            .build()))
        .build();
  }
}
