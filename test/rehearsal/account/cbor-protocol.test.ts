import { cbor } from '@smithy/core/cbor';
import { allow, StandIn } from '../support/stand-in';

let standIn: StandIn;

beforeAll(async () => {
  standIn = await StandIn.start();
});

afterAll(() => standIn.stop());

/** A call as newer versions of boto3 make it. */
async function call(service: string, operation: string, input: object) {
  const { accessKeyId } = standIn.caller([allow('*')]);
  const response = await fetch(`${standIn.account.endpoint}/service/Any/operation/${operation}`, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260105/us-east-1/${service}/aws4_request`,
      'smithy-protocol': 'rpc-v2-cbor',
    },
    body: Buffer.from(cbor.serialize(input)),
  });
  const answer = cbor.deserialize(new Uint8Array(await response.arrayBuffer()));
  return { status: response.status, protocol: response.headers.get('smithy-protocol'), answer };
}

test('answers in the protocol of the request, with times as times', async () => {
  standIn.account.cloudWatch.addAlarm('errors', {
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Period: 60,
    EvaluationPeriods: 1,
    Statistic: 'Sum',
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
  });
  const { status, protocol, answer } = await call('monitoring', 'DescribeAlarms', { AlarmNames: ['errors'] });
  expect({ status, protocol }).toEqual({ status: 200, protocol: 'rpc-v2-cbor' });
  expect(answer.MetricAlarms).toMatchObject([
    { AlarmName: 'errors', StateUpdatedTimestamp: { tag: 1, value: standIn.account.clock.now() / 1000 } },
  ]);
});

test('returns errors by their names', async () => {
  const { status, answer } = await call('codedeploy', 'GetDeployment', { deploymentId: 'd-NONE00000' });
  expect(status).toBe(400);
  expect(answer).toMatchObject({ __type: 'DeploymentDoesNotExistException' });
});
