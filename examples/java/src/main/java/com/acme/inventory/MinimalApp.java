package com.acme.inventory;

import io.github.rayoonakano.lambdacicdpipeline.CreateFunctionOptions;
import io.github.rayoonakano.lambdacicdpipeline.LambdaCiCdPipeline;
import io.github.rayoonakano.lambdacicdpipeline.Source;
import io.github.rayoonakano.lambdacicdpipeline.TargetFunction;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.lambda.Runtime;

public final class MinimalApp {
  public static void main(String[] args) {
    App app = new App();
    Stack stack = new Stack(app, "InventoryAllocationPipeline");
    LambdaCiCdPipeline.Builder.create(stack, "Pipeline")
        .projectName("inventory-allocation")
        .source(Source.connection("acme/inventory-allocation"))
        .targetFunction(TargetFunction.create(CreateFunctionOptions.builder()
            .runtime(Runtime.PYTHON_3_13)
            .handler("app.handler")
            .build()))
        .build();
    app.synth();
  }
}
