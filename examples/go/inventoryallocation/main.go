package main

import (
	"github.com/Rayoo-Nakano/cdk-lambda-ci-cd-pipeline-go/cdklambdacicdpipeline"
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("InventoryAllocationPipeline"), nil)
	cdklambdacicdpipeline.NewLambdaCiCdPipeline(stack, jsii.String("Pipeline"), &cdklambdacicdpipeline.LambdaCiCdPipelineProps{
		ProjectName:        jsii.String("inventory-allocation"),
		ProjectDescription: jsii.String("Allocation of stock to orders"),
		Source:             cdklambdacicdpipeline.Source_Connection(jsii.String("acme/inventory-allocation"), nil),
		TargetFunction: cdklambdacicdpipeline.TargetFunction_Create(&cdklambdacicdpipeline.CreateFunctionOptions{
			Runtime:    awslambda.Runtime_PYTHON_3_13(),
			Handler:    jsii.String("lambda_functions.allocate.handler"),
			MemorySize: jsii.Number(256),
			Timeout:    awscdk.Duration_Seconds(jsii.Number(10)),
		}),
		BuildProject: &cdklambdacicdpipeline.BuildProjectOptions{
			SourceDirectory: jsii.String("Backend/src"),
			TestDirectory:   jsii.String("Backend/tests/UT_src"),
			DependencyFile:  jsii.String("configuration/requirements.txt"),
		},
		DeploymentConfig: cdklambdacicdpipeline.DeploymentConfig_Linear(&cdklambdacicdpipeline.TimeBasedOptions{
			Percentage: jsii.Number(25),
			Interval:   awscdk.Duration_Minutes(jsii.Number(10)),
		}),
	})
	app.Synth(nil)
}
