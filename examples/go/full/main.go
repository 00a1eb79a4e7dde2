package main

import (
	"github.com/Rayoo-Nakano/cdk-lambda-ci-cd-pipeline-go/cdklambdacicdpipeline"
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscodebuild"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscodedeploy"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscodepipeline"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("InventoryAllocationPipeline"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("us-east-1")},
	})

	cdklambdacicdpipeline.NewLambdaCiCdPipeline(stack, jsii.String("Pipeline"), &cdklambdacicdpipeline.LambdaCiCdPipelineProps{
		ProjectName:        jsii.String("inventory-allocation"),
		ProjectDescription: jsii.String("Allocation of stock to orders"),
		Source: cdklambdacicdpipeline.Source_Connection(jsii.String("acme/inventory-allocation"), &cdklambdacicdpipeline.ConnectionSourceOptions{
			ConnectionArn: jsii.String("arn:aws:codeconnections:us-east-1:111122223333:connection/7c9e6679-7425-40de-944b-e07fc1f90ae7"),
			Branch:        jsii.String("main"),
			PushFilter: &[]*awscodepipeline.GitPushFilter{{
				BranchesIncludes:  jsii.Strings("main"),
				FilePathsIncludes: jsii.Strings("Backend/**", "configuration/**"),
			}},
		}),
		TargetFunction: cdklambdacicdpipeline.TargetFunction_Create(&cdklambdacicdpipeline.CreateFunctionOptions{
			Runtime:      awslambda.Runtime_PYTHON_3_13(),
			Handler:      jsii.String("lambda_functions.allocate.handler"),
			Architecture: awslambda.Architecture_ARM_64(),
			MemorySize:   jsii.Number(512),
			Timeout:      awscdk.Duration_Seconds(jsii.Number(30)),
			Environment:  &map[string]*string{"STOCK_TABLE": jsii.String("stock"), "LOG_LEVEL": jsii.String("INFO")},
			Tracing:      awslambda.Tracing_ACTIVE,
		}),
		BuildProject: &cdklambdacicdpipeline.BuildProjectOptions{
			SourceDirectory: jsii.String("Backend/src"),
			TestDirectory:   jsii.String("Backend/tests/UT_src"),
			DependencyFile:  jsii.String("configuration/requirements.txt"),
			EnvironmentVariables: &map[string]*awscodebuild.BuildEnvironmentVariable{
				"PYTEST_ADDOPTS": {Type: awscodebuild.BuildEnvironmentVariableType_PLAINTEXT, Value: jsii.String("--maxfail=5")},
			},
			Timeout: awscdk.Duration_Minutes(jsii.Number(20)),
		},
		CodeArtifact: cdklambdacicdpipeline.CodeArtifact_Existing(&cdklambdacicdpipeline.ExistingCodeArtifactOptions{
			DomainName:     jsii.String("acme"),
			RepositoryName: jsii.String("python"),
			DomainOwner:    jsii.String("444455556666"),
		}),
		DeploymentConfig: cdklambdacicdpipeline.DeploymentConfig_Linear(&cdklambdacicdpipeline.TimeBasedOptions{
			Percentage: jsii.Number(25),
			Interval:   awscdk.Duration_Minutes(jsii.Number(10)),
		}),
		BakeTime: awscdk.Duration_Minutes(jsii.Number(10)),
		Alarms: &[]cdklambdacicdpipeline.DeploymentAlarm{
			cdklambdacicdpipeline.DeploymentAlarm_Errors(&cdklambdacicdpipeline.DeploymentAlarmOptions{Threshold: jsii.Number(5)}),
			cdklambdacicdpipeline.DeploymentAlarm_Throttles(nil),
			cdklambdacicdpipeline.DeploymentAlarm_Duration(&cdklambdacicdpipeline.DurationAlarmOptions{
				Maximum:           awscdk.Duration_Seconds(jsii.Number(3)),
				Statistic:         jsii.String("p99"),
				EvaluationPeriods: jsii.Number(2),
			}),
		},
		AutoRollback: &awscodedeploy.AutoRollbackConfig{
			FailedDeployment:  jsii.Bool(true),
			StoppedDeployment: jsii.Bool(true),
			DeploymentInAlarm: jsii.Bool(true),
		},
		Approvals: &[]*cdklambdacicdpipeline.ApprovalOptions{
			{
				ActionName:            jsii.String("Tester"),
				AdditionalInformation: jsii.String("Has the test sheet been filled in?"),
				ExternalEntityLink:    jsii.String("https://example.com/tests"),
			},
			{ActionName: jsii.String("ReleaseManager"), Timeout: awscdk.Duration_Days(jsii.Number(2))},
		},
		Verification: &cdklambdacicdpipeline.VerificationOptions{
			Commands: jsii.Strings("python3 -m pip install --quiet boto3 pytest", "python3 -m pytest Backend/tests/IT_src"),
		},
		Notifications: &cdklambdacicdpipeline.NotificationOptions{
			Emails: jsii.Strings("team@example.com"),
			Events: &[]cdklambdacicdpipeline.NotificationEvent{
				cdklambdacicdpipeline.NotificationEvent_BUILD_FAILED,
				cdklambdacicdpipeline.NotificationEvent_DEPLOYMENT_FAILED,
				cdklambdacicdpipeline.NotificationEvent_ROLLED_BACK,
			},
		},
		ArtifactStore: &cdklambdacicdpipeline.ArtifactStoreOptions{
			Expiration:    awscdk.Duration_Days(jsii.Number(90)),
			RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
		},
	})

	app.Synth(nil)
}
