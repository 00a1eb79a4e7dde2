from aws_cdk import App, Stack
from aws_cdk import aws_lambda as lambda_
from cdk_lambda_ci_cd_pipeline import LambdaCiCdPipeline, Source, TargetFunction

app = App()
stack = Stack(app, "InventoryAllocationPipeline")
LambdaCiCdPipeline(
    stack,
    "Pipeline",
    project_name="inventory-allocation",
    source=Source.connection("acme/inventory-allocation"),
    target_function=TargetFunction.create(
        runtime=lambda_.Runtime.PYTHON_3_13, handler="app.handler"
    ),
)
app.synth()
