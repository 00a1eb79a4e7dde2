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
		ProjectName: jsii.String("inventory-allocation"),
		Source:      cdklambdacicdpipeline.Source_Connection(jsii.String("acme/inventory-allocation"), nil),
		TargetFunction: cdklambdacicdpipeline.TargetFunction_Create(&cdklambdacicdpipeline.CreateFunctionOptions{
			Runtime: awslambda.Runtime_PYTHON_3_13(),
			Handler: jsii.String("app.handler"),
		}),
	})
	app.Synth(nil)
}
