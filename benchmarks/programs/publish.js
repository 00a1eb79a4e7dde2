/* Runs the step `publish` of the release function against the endpoint in the first argument, and prints its peak memory. */
Object.assign(process.env, {
  AWS_ENDPOINT_URL: process.argv[2],
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', // Lambda has a newer Node.js
  PROJECT_NAME: 'inventory',
  FUNCTION_NAME: 'inventory',
  ALIAS_NAME: 'live',
  ARTIFACT_BUCKET: 'artifacts',
  APPLICATION_NAME: 'inventory-app',
  DEPLOYMENT_GROUP_NAME: 'inventory-group',
  BAKE_TIME_SECONDS: '0',
  AWS_LAMBDA_FUNCTION_NAME: 'inventory-release',
});

const { handler } = require('../../assets/release');
const artifact = (name) => ({
  name,
  location: { s3Location: { bucketName: 'artifacts', objectKey: `inventory-pipeline/${name}/1` } },
});

const job = {
  id: '1',
  data: {
    actionConfiguration: { configuration: { UserParameters: JSON.stringify({ step: 'publish' }) } },
    inputArtifacts: [artifact('BuildOutput')],
    outputArtifacts: [artifact('AppSpecFile')],
  },
};

handler({ 'CodePipeline.job': job }, { getRemainingTimeInMillis: () => 900_000 }).then(() =>
  console.log(JSON.stringify({ peakMegabytes: Math.ceil(process.resourceUsage().maxRSS / 1024) })),
);
