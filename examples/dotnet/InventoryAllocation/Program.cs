using Amazon.CDK;
using Amazon.CDK.AWS.Lambda;
using RayooNakano.CdkLambdaCiCdPipeline;

namespace Acme.Inventory
{
    public static class Program
    {
        public static void Main()
        {
            var app = new App();
            var stack = new Stack(app, "InventoryAllocationPipeline");
            new LambdaCiCdPipeline(stack, "Pipeline", new LambdaCiCdPipelineProps
            {
                ProjectName = "inventory-allocation",
                ProjectDescription = "Allocation of stock to orders",
                Source = Source.Connection("acme/inventory-allocation"),
                TargetFunction = TargetFunction.Create(new CreateFunctionOptions
                {
                    Runtime = Runtime.PYTHON_3_13,
                    Handler = "lambda_functions.allocate.handler",
                    MemorySize = 256,
                    Timeout = Duration.Seconds(10),
                }),
                BuildProject = new BuildProjectOptions
                {
                    SourceDirectory = "Backend/src",
                    TestDirectory = "Backend/tests/UT_src",
                    DependencyFile = "configuration/requirements.txt",
                },
                DeploymentConfig = DeploymentConfig.Linear(new TimeBasedOptions
                {
                    Percentage = 25,
                    Interval = Duration.Minutes(10),
                }),
            });
            app.Synth();
        }
    }
}
