package main

import (
	"os"

	"github.com/Rayoo-Nakano/cdk-lambda-ci-cd-pipeline-go/cdklambdacicdpipeline"
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
)

func main() {
	defer jsii.Close()
	projectName, sourceDirectory, percentage := "inventory-allocation", "src", 10.0
	switch os.Args[1] {
	case "project-name":
		projectName = "Inventory_Allocation"
	case "source-directory":
		sourceDirectory = "../src"
	case "canary":
		percentage = 100
	}
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Refused"), nil)
	cdklambdacicdpipeline.NewLambdaCiCdPipeline(stack, jsii.String("Pipeline"), &cdklambdacicdpipeline.LambdaCiCdPipelineProps{
		ProjectName: jsii.String(projectName),
		Source:      cdklambdacicdpipeline.Source_Connection(jsii.String("acme/inventory-allocation"), nil),
		TargetFunction: cdklambdacicdpipeline.TargetFunction_Create(&cdklambdacicdpipeline.CreateFunctionOptions{
			Runtime: awslambda.Runtime_PYTHON_3_13(),
			Handler: jsii.String("app.handler"),
		}),
		BuildProject: &cdklambdacicdpipeline.BuildProjectOptions{SourceDirectory: jsii.String(sourceDirectory)},
		DeploymentConfig: cdklambdacicdpipeline.DeploymentConfig_Canary(&cdklambdacicdpipeline.TimeBasedOptions{
			Percentage: jsii.Number(percentage),
			Interval:   awscdk.Duration_Minutes(jsii.Number(5)),
		}),
	})
}
