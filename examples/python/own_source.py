from aws_cdk import App, Stack
from aws_cdk import aws_codepipeline_actions as actions
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from cdk_lambda_ci_cd_pipeline import LambdaCiCdPipeline, Source, SourceConfig, TargetFunction


class ManualSource(Source):
    """A zip that is released only when somebody starts the pipeline."""

    def __init__(self, bucket_name: str) -> None:
        super().__init__()
        self._bucket_name = bucket_name

    def bind(self, scope, *, project_name, action_name, output, role, pipeline) -> SourceConfig:
        action = actions.S3SourceAction(
            action_name=action_name,
            output=output,
            bucket=s3.Bucket.from_bucket_name(scope, "ManualSourceBucket", self._bucket_name),
            bucket_key=f"{project_name}.zip",
            trigger=actions.S3Trigger.NONE,
        )
        return SourceConfig(action=action, revision=f"upload {action.variables.version_id}")


app = App()
stack = Stack(app, "InventoryAllocationByHand")
LambdaCiCdPipeline(
    stack,
    "Pipeline",
    project_name="inventory-by-hand",
    source=ManualSource("acme-releases"),
    target_function=TargetFunction.create(
        runtime=lambda_.Runtime.PYTHON_3_13, handler="app.handler"
    ),
)
app.synth()
