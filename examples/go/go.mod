module example.com/acme/inventory-allocation-pipeline

go 1.25

require (
	github.com/Rayoo-Nakano/cdk-lambda-ci-cd-pipeline-go/cdklambdacicdpipeline v0.0.0
	github.com/aws/aws-cdk-go/awscdk/v2 v2.262.0
	github.com/aws/jsii-runtime-go v1.140.0
)
