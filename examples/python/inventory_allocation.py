from aws_cdk import App, Duration, Stack
from aws_cdk import aws_lambda as lambda_
from cdk_lambda_ci_cd_pipeline import (
    BuildProjectOptions,
    DeploymentConfig,
    LambdaCiCdPipeline,
    Source,
    TargetFunction,
)

app = App()
stack = Stack(app, "InventoryAllocationPipeline")
LambdaCiCdPipeline(
    stack,
    "Pipeline",
    project_name="inventory-allocation",
    project_description="Allocation of stock to orders",
    source=Source.connection("acme/inventory-allocation"),
    target_function=TargetFunction.create(
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="lambda_functions.allocate.handler",
        memory_size=256,
        timeout=Duration.seconds(10),
    ),
    build_project=BuildProjectOptions(
        source_directory="Backend/src",
        test_directory="Backend/tests/UT_src",
        dependency_file="configuration/requirements.txt",
    ),
    deployment_config=DeploymentConfig.linear(percentage=25, interval=Duration.minutes(10)),
)
app.synth()
