import * as lambda from 'aws-cdk-lib/aws-lambda';
import { PublicFunction } from './repository';

const { Runtime } = lambda;
const inside = (sourceDirectory: string) => ({ buildProject: { sourceDirectory } });

const GUIDE = {
  repository: 'awsdocs/aws-lambda-developer-guide',
  commit: '8a681ab924e43870521f4e65caa78aa63c6376a6',
};
const TEST_SAMPLES = {
  repository: 'aws-samples/serverless-test-samples',
  commit: 'a801c92eda191dc1ed0caa4a866500775a861f0f',
};
const JAVA_FRAMEWORKS = {
  repository: 'aws-samples/serverless-java-frameworks-samples',
  commit: '1352ab4ffd2c16495ac89fb09188bc4357278324',
};
const SERVERLESS_EXAMPLES = { repository: 'serverless/examples', commit: '22865199326008b9f863cb1ad28bfdddae9a7473' };
const RUST_RUNTIME = {
  repository: 'awslabs/aws-lambda-rust-runtime',
  commit: '4c4e5fac53be0a1fdca671b2f7bb1f905247778e',
};
const LOCALSTACK = { repository: 'localstack/localstack', commit: '8b9a79f05846835cf4dff63ab7eefdde9df83783' };

const PYTHON: PublicFunction[] = [
  {
    repository: 'astral-sh/uv-aws-lambda-example',
    commit: '911e1c555de1ae1c7c292a15218bbbecf1f136dc',
    runtime: Runtime.PYTHON_3_13,
    handler: 'app.main.handler',
  },
  {
    repository: 'iwpnd/fastapi-aws-lambda-example',
    commit: 'c68aef5bff12df42070be41c33b7e1d9d63344be',
    runtime: Runtime.PYTHON_3_11,
    handler: 'example_app.main.handler',
    red: 'httpx2',
    why: 'the test client of the newest Starlette needs a package that the requirements do not declare',
  },
  {
    repository: 'aws-samples/serverless-python-demo',
    commit: 'e244f95d60fde899bde768dddc573be9ad52549f',
    runtime: Runtime.PYTHON_3_12,
    handler: 'get_products.app.lambda_handler',
    red: 'imports utils (line 6), but the package does not contain it',
    why: 'the module utils is in a layer, which the table does not create',
    buildProject: { sourceDirectory: 'src', dependencyFile: 'src/pyutils/requirements.txt' },
  },
  {
    repository: 'Kludex/mangum',
    commit: '4152a4eb8d325e382f41e4b04628671565f12a2d',
    runtime: Runtime.PYTHON_3_12,
    handler: 'mangum.adapter.Mangum',
  },
  {
    repository: 'keithrozario/Klayers',
    commit: '8e6d8e07eea98602bd90667aded3e231b09adbbe',
    runtime: Runtime.PYTHON_3_12,
    handler: 'layers.latest_region.main',
    ...inside('pipeline/api'),
    red: 'TerminalWriter',
    why: 'the requirements of the tests pin a pytest that does not run on Python 3.12',
  },
  {
    ...TEST_SAMPLES,
    runtime: Runtime.PYTHON_3_13,
    handler: 'app.lambda_handler',
    ...inside('python-test-samples/apigw-lambda/src'),
    red: "cannot import name 'mock_s3' from 'moto'",
    why: 'the tests need an older version of moto, which the requirements do not pin',
  },
  {
    ...TEST_SAMPLES,
    runtime: Runtime.PYTHON_3_11,
    handler: 'app.lambda_handler',
    ...inside('python-test-samples/apigw-lambda-dynamodb/src'),
    red: "has no attribute 'mock_dynamodb'",
    why: 'the tests need an older version of moto, which the requirements do not pin',
  },
  {
    ...TEST_SAMPLES,
    runtime: Runtime.PYTHON_3_11,
    handler: 'src.sample_lambda.app.lambda_handler',
    ...inside('python-test-samples/lambda-mock'),
    red: "has no attribute 'mock_dynamodb'",
    why: 'the tests need an older version of moto, which the requirements do not pin',
  },
  {
    ...TEST_SAMPLES,
    runtime: Runtime.PYTHON_3_13,
    handler: 'services.task_service.handler.lambda_handler',
    ...inside('python-test-samples/cns427-testable-serverless-architecture'),
  },
  {
    ...GUIDE,
    runtime: Runtime.PYTHON_3_12,
    handler: 'lambda_function.lambda_handler',
    ...inside('sample-apps/blank-python/function'),
  },
  {
    ...GUIDE,
    runtime: Runtime.PYTHON_3_11,
    handler: 'lambda_function.lambda_handler',
    buildProject: {
      sourceDirectory: 'sample-apps/layer-python/function-numpy',
      dependencyFile: 'sample-apps/layer-python/layer-numpy/requirements.txt',
    },
  },
  {
    ...GUIDE,
    runtime: Runtime.PYTHON_3_12,
    handler: 'lambda_function.lambda_handler',
    ...inside('sample-apps/file-processing-python'),
    red: 'the tests call AWS',
    why: 'the tests call AWS',
  },
  {
    ...SERVERLESS_EXAMPLES,
    runtime: Runtime.PYTHON_3_12,
    handler: 'handler.consumer',
    ...inside('aws-python-sqs-worker'),
  },
];

const NODE: PublicFunction[] = [
  {
    repository: 'alexcasalboni/aws-lambda-power-tuning',
    commit: '262ecc2d6cf99401e02a25ce7e81b2ad4880f10f',
    runtime: Runtime.NODEJS_20_X,
    handler: 'executor.handler',
    ...inside('lambda'),
  },
  {
    repository: 'aws-samples/s3-to-lambda-patterns',
    commit: 'c03fdd68cf6c2f31ba0dec3b4a9f662fcdd3c9a5',
    runtime: Runtime.NODEJS_20_X,
    handler: 'app.handler',
    ...inside('translation/v2/translatorFunction'),
  },
  {
    repository: 'aws-samples/serverless-typescript-demo',
    commit: 'fea6d93cab1bf81b568cf38848a8b6d3267e0786',
    runtime: Runtime.NODEJS_20_X,
    handler: 'src/api/get-products.handler',
    red: 'ERESOLVE',
    why: 'package.json has a TypeScript that its ts-jest does not accept',
  },
  {
    repository: 'github-aws-runners/terraform-aws-github-runner',
    commit: '4475534a95e47b6152729950e11131c6ae6a044f',
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.githubWebhook',
    ...inside('lambdas/functions/webhook/dist'),
    red: 'NX_SOCKET_DIR',
    why: 'nx cannot open a socket in the long temporary path of the rehearsal; `NX_SOCKET_DIR` sets a shorter one',
  },
  {
    repository: 'guardian/support-service-lambdas',
    commit: 'd710fc96bb620d971f6a8a445eb9e86a17d0e8c0',
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    ...inside('handlers/discount-api/target'),
  },
  {
    repository: 'middyjs/middy',
    commit: '8d4c3f5cf3d7572fe90e38fc1de8322aa3ac8d14',
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.default',
    ...inside('packages/http-cors'),
  },
  {
    repository: 'aws-powertools/powertools-lambda-typescript',
    commit: '1e5fe1b497003615377ceb8e03b4321ce6260815',
    runtime: Runtime.NODEJS_22_X,
    handler: 'lib/cjs/index.Logger',
    ...inside('packages/logger'),
  },
  {
    ...TEST_SAMPLES,
    runtime: Runtime.NODEJS_20_X,
    handler: 'app.lambdaHandler',
    ...inside('typescript-test-samples/apigw-lambda-dynamodb/src'),
    red: 'tests/integration/integ-handler.test.ts',
    why: 'the script test also runs an integration test, which Jest cannot parse',
  },
  {
    ...GUIDE,
    runtime: Runtime.NODEJS_20_X,
    handler: 'index.handler',
    ...inside('sample-apps/blank-nodejs'),
  },
  {
    ...GUIDE,
    runtime: Runtime.NODEJS_20_X,
    handler: 'index.handler',
    ...inside('sample-apps/nodejs-apig/function'),
  },
  {
    ...SERVERLESS_EXAMPLES,
    runtime: Runtime.NODEJS_20_X,
    handler: 'handler.handler',
    ...inside('aws-node-signed-uploads'),
    red: 'is incompatible with this module',
    why: 'a locked package requires Node.js 9 or earlier',
  },
  { ...SERVERLESS_EXAMPLES, runtime: Runtime.NODEJS_20_X, handler: 'index.handler', ...inside('aws-node-express-api') },
  {
    ...SERVERLESS_EXAMPLES,
    runtime: Runtime.NODEJS_20_X,
    handler: 'handler.endpoint',
    ...inside('aws-node-simple-http-endpoint'),
  },
  {
    ...SERVERLESS_EXAMPLES,
    runtime: Runtime.NODEJS_20_X,
    handler: 'handler.hello',
    ...inside('aws-node-http-api-typescript'),
    red: 'contains TypeScript (handler.ts)',
    why: 'no script compiles the TypeScript: a plugin of another tool does',
  },
];

const MAVEN = { tools: ['mvn'] };
const JAVA: PublicFunction[] = [
  {
    ...GUIDE,
    ...MAVEN,
    runtime: Runtime.JAVA_17,
    handler: 'example.Handler::handleRequest',
    ...inside('sample-apps/blank-java'),
    red: 'the tests call AWS',
    why: 'the tests call AWS',
  },
  {
    ...GUIDE,
    ...MAVEN,
    runtime: Runtime.JAVA_21,
    handler: 'example.HandlerInteger::handleRequest',
    ...inside('sample-apps/java-basic'),
  },
  {
    ...GUIDE,
    ...MAVEN,
    runtime: Runtime.JAVA_21,
    handler: 'example.Handler::handleRequest',
    ...inside('sample-apps/s3-java'),
    red: 'bucket-name.txt',
    why: 'a test reads a file with the name of a deployed bucket',
  },
  {
    ...GUIDE,
    ...MAVEN,
    runtime: Runtime.JAVA_21,
    handler: 'example.OrderHandler::handleRequest',
    ...inside('sample-apps/example-java/function'),
  },
  {
    ...TEST_SAMPLES,
    ...MAVEN,
    runtime: Runtime.JAVA_17,
    handler: 'com.example.App::handleRequest',
    ...inside('java-test-samples/apigw-lambda-list-s3-buckets'),
  },
  {
    ...JAVA_FRAMEWORKS,
    ...MAVEN,
    runtime: Runtime.JAVA_17,
    handler: 'software.amazonaws.example.product.handler.GetProductByIdHandler::handleRequest',
    ...inside('dagger'),
  },
  {
    ...JAVA_FRAMEWORKS,
    ...MAVEN,
    runtime: Runtime.JAVA_17,
    handler: 'software.amazonaws.example.product.handler.GetProductByIdHandler::handleRequest',
    ...inside('micronaut'),
  },
  {
    ...JAVA_FRAMEWORKS,
    ...MAVEN,
    runtime: Runtime.JAVA_17,
    handler: 'io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler::handleRequest',
    ...inside('quarkus'),
  },
  {
    ...JAVA_FRAMEWORKS,
    ...MAVEN,
    runtime: Runtime.JAVA_17,
    handler: 'org.springframework.cloud.function.adapter.aws.FunctionInvoker::handleRequest',
    ...inside('springboot'),
  },
  {
    repository: 'aws-powertools/powertools-lambda-java',
    commit: '9ff4abf4ffbfb36d4d33c3cf201445ea2f4059a1',
    ...MAVEN,
    runtime: Runtime.JAVA_17,
    handler: 'helloworld.App::handleRequest',
    ...inside('examples/powertools-examples-core-utilities/sam'),
  },
  {
    repository: 'quarkusio/quarkus-quickstarts',
    commit: 'ddfa3a6c5f585925aa344884264e4f399467f53d',
    ...MAVEN,
    runtime: Runtime.JAVA_17,
    handler: 'io.quarkus.funqy.lambda.FunqyStreamHandler::handleRequest',
    ...inside('funqy-quickstarts/funqy-amazon-lambda-quickstart'),
  },
  {
    ...LOCALSTACK,
    ...MAVEN,
    runtime: Runtime.JAVA_17,
    handler: 'cloud.localstack.sample.LambdaHandlerWithLib::handleRequest',
    ...inside('tests/aws/services/lambda_/functions/java/lambda_echo'),
  },
  {
    ...SERVERLESS_EXAMPLES,
    ...MAVEN,
    runtime: Runtime.JAVA_17,
    handler: 'com.serverless.Handler',
    ...inside('aws-java-simple-http-endpoint'),
  },
];

const provided = { runtime: Runtime.PROVIDED_AL2023, handler: 'bootstrap' };
const GO = { ...provided, tools: ['go'] };
const RUST = { ...provided, tools: ['cargo'] };
const PROVIDED: PublicFunction[] = [
  {
    repository: 'aws-samples/serverless-go-demo',
    commit: 'a07a55b1ac373c5293c0238dc771169bdd6e8e81',
    ...GO,
    ...inside('functions/get-product'),
  },
  {
    repository: 'buildkite/buildkite-agent-scaler',
    commit: '49c4145377fd26fea0f2e9b9eaadfb25ec1956ee',
    ...GO,
    ...inside('lambda'),
  },
  {
    ...GUIDE,
    ...GO,
    ...inside('sample-apps/blank-go/function'),
    red: 'the tests call AWS',
    why: 'the tests call AWS',
  },
  { ...GUIDE, ...GO, ...inside('sample-apps/example-go/function') },
  {
    ...SERVERLESS_EXAMPLES,
    ...GO,
    ...inside('aws-golang-http-get-post/getFolder'),
    red: 'main redeclared in this block',
    why: 'the directory contains two programs',
  },
  { ...SERVERLESS_EXAMPLES, ...GO, ...inside('aws-golang-http-get-post/postFolder') },
  { ...SERVERLESS_EXAMPLES, ...GO, ...inside('aws-golang-simple-http-endpoint/hello') },
  {
    repository: 'aws/aws-lambda-go',
    commit: '815d21f4176907c97cc6a77465ece6a1d2bbbac4',
    ...GO,
    ...inside('lambdaurl/testdata/testfunc/echo'),
  },
  { ...RUST_RUNTIME, ...RUST, ...inside('examples/basic-lambda') },
  { ...RUST_RUNTIME, ...RUST, ...inside('examples/advanced-sqs-multiple-functions-shared-data/consumer') },
  { ...LOCALSTACK, ...RUST, ...inside('tests/aws/services/lambda_/functions/rust-lambda') },
  {
    repository: 'aws-samples/serverless-rust-demo',
    commit: 'b63a56bc8c342328177ca941706fd9a5b7981745',
    ...RUST,
    variables: { RECIPE_BINARY: 'get-product' },
  },
];

/** The functions in the order of the table in docs/builds.md. */
export const PUBLIC_FUNCTIONS: PublicFunction[] = [...PYTHON, ...NODE, ...JAVA, ...PROVIDED];
