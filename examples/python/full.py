from aws_cdk import App, Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_lambda as lambda_
from cdk_lambda_ci_cd_pipeline import (
    ApprovalOptions,
    ArtifactStoreOptions,
    BuildProjectOptions,
    CodeArtifact,
    DeploymentAlarm,
    DeploymentConfig,
    LambdaCiCdPipeline,
    NotificationEvent,
    NotificationOptions,
    Source,
    TargetFunction,
    VerificationOptions,
)

app = App()
stack = Stack(
    app, "InventoryAllocationPipeline", env=Environment(account="111122223333", region="us-east-1")
)

LambdaCiCdPipeline(
    stack,
    "Pipeline",
    project_name="inventory-allocation",
    project_description="Allocation of stock to orders",
    source=Source.connection(
        "acme/inventory-allocation",
        connection_arn="arn:aws:codeconnections:us-east-1:111122223333:connection/7c9e6679-7425-40de-944b-e07fc1f90ae7",
        branch="main",
        push_filter=[
            codepipeline.GitPushFilter(
                branches_includes=["main"], file_paths_includes=["Backend/**", "configuration/**"]
            )
        ],
    ),
    target_function=TargetFunction.create(
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="lambda_functions.allocate.handler",
        architecture=lambda_.Architecture.ARM_64,
        memory_size=512,
        timeout=Duration.seconds(30),
        environment={"STOCK_TABLE": "stock", "LOG_LEVEL": "INFO"},
        tracing=lambda_.Tracing.ACTIVE,
    ),
    build_project=BuildProjectOptions(
        source_directory="Backend/src",
        test_directory="Backend/tests/UT_src",
        dependency_file="configuration/requirements.txt",
        environment_variables={
            "PYTEST_ADDOPTS": codebuild.BuildEnvironmentVariable(
                type=codebuild.BuildEnvironmentVariableType.PLAINTEXT, value="--maxfail=5"
            )
        },
        timeout=Duration.minutes(20),
    ),
    code_artifact=CodeArtifact.existing(
        domain_name="acme", repository_name="python", domain_owner="444455556666"
    ),
    deployment_config=DeploymentConfig.linear(percentage=25, interval=Duration.minutes(10)),
    bake_time=Duration.minutes(10),
    alarms=[
        DeploymentAlarm.errors(threshold=5),
        DeploymentAlarm.throttles(),
        DeploymentAlarm.duration(
            maximum=Duration.seconds(3), statistic="p99", evaluation_periods=2
        ),
    ],
    auto_rollback=codedeploy.AutoRollbackConfig(
        failed_deployment=True, stopped_deployment=True, deployment_in_alarm=True
    ),
    approvals=[
        ApprovalOptions(
            action_name="Tester",
            additional_information="Has the test sheet been filled in?",
            external_entity_link="https://example.com/tests",
        ),
        ApprovalOptions(action_name="ReleaseManager", timeout=Duration.days(2)),
    ],
    verification=VerificationOptions(
        commands=[
            "python3 -m pip install --quiet boto3 pytest",
            "python3 -m pytest Backend/tests/IT_src",
        ]
    ),
    notifications=NotificationOptions(
        emails=["team@example.com"],
        events=[
            NotificationEvent.BUILD_FAILED,
            NotificationEvent.DEPLOYMENT_FAILED,
            NotificationEvent.ROLLED_BACK,
        ],
    ),
    artifact_store=ArtifactStoreOptions(
        expiration=Duration.days(90), removal_policy=RemovalPolicy.DESTROY
    ),
)

app.synth()
