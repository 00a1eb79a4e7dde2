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
                Source = Source.Connection("acme/inventory-allocation"),
                TargetFunction = TargetFunction.Create(new CreateFunctionOptions
                {
                    Runtime = Runtime.PYTHON_3_13,
                    Handler = "app.handler",
                }),
            });
            app.Synth();
        }
    }
}
