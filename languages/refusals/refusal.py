import sys

from aws_cdk import App, Duration, Stack
from aws_cdk import aws_lambda as lambda_
from cdk_lambda_ci_cd_pipeline import (
    BuildProjectOptions,
    DeploymentConfig,
    LambdaCiCdPipeline,
    Source,
    TargetFunction,
)

bad = sys.argv[1]
LambdaCiCdPipeline(
    Stack(App(), "Refused"),
    "Pipeline",
    project_name="Inventory_Allocation" if bad == "project-name" else "inventory-allocation",
    source=Source.connection("acme/inventory-allocation"),
    target_function=TargetFunction.create(
        runtime=lambda_.Runtime.PYTHON_3_13, handler="app.handler"
    ),
    build_project=BuildProjectOptions(
        source_directory="../src" if bad == "source-directory" else "src"
    ),
    deployment_config=DeploymentConfig.canary(
        percentage=100 if bad == "canary" else 10, interval=Duration.minutes(5)
    ),
)
