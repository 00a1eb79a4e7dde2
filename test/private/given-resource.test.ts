import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { DeploymentAlarm, LambdaCiCdPipelineProps, Source, TargetFunction } from '../../src';
import { addPipeline, newStack, pipelineWith } from '../support/stacks';

type Props = Partial<LambdaCiCdPipelineProps>;

const HERE = { account: '111122223333', region: 'eu-west-1' };
const runtime = lambda.Runtime.PYTHON_3_13;
const functionOf = (stack: Stack, place: string, name = 'fn') =>
  lambda.Function.fromFunctionArn(stack, 'Given', `arn:aws:lambda:${place}:function:${name}`);
const topicOf = (stack: Stack, place: string) => sns.Topic.fromTopicArn(stack, 'Given', `arn:aws:sns:${place}:topic`);
const keyOf = (stack: Stack, place: string) => kms.Key.fromKeyArn(stack, 'Given', `arn:aws:kms:${place}:key/1-2`);
const repositoryOf = (stack: Stack, place: string) =>
  ecr.Repository.fromRepositoryArn(stack, 'Given', `arn:aws:ecr:${place}:repository/images`);
const bucketOf = (stack: Stack, place: string) => {
  const [region, account] = place.split(':');
  return s3.Bucket.fromBucketAttributes(stack, 'Given', { bucketName: 'given', region, account });
};

/** Each prop that takes a resource of the pipeline's account and Region. */
const GIVEN: [string, (stack: Stack, place: string) => Props][] = [
  ['preTrafficHook', (stack, place) => ({ preTrafficHook: functionOf(stack, place) })],
  ['postTrafficHook', (stack, place) => ({ postTrafficHook: functionOf(stack, place) })],
  [
    'targetFunction',
    (stack, place) => ({ targetFunction: TargetFunction.fromFunction(functionOf(stack, place), { runtime }) }),
  ],
  [
    'repository of TargetFunction.createFromImage',
    (stack, place) => ({ targetFunction: TargetFunction.createFromImage({ repository: repositoryOf(stack, place) }) }),
  ],
  [
    'alarm of DeploymentAlarm.existing',
    (stack, place) => {
      const alarm = cloudwatch.Alarm.fromAlarmArn(stack, 'Given', `arn:aws:cloudwatch:${place}:alarm:own`);
      return { alarms: [DeploymentAlarm.existing(alarm)] };
    },
  ],
  ['artifactStore.bucket', (stack, place) => ({ artifactStore: { bucket: bucketOf(stack, place) } })],
  ['artifactStore.encryptionKey', (stack, place) => ({ artifactStore: { encryptionKey: keyOf(stack, place) } })],
  [
    'artifactStore.serverAccessLogsBucket',
    (stack, place) => ({ artifactStore: { serverAccessLogsBucket: bucketOf(stack, place) } }),
  ],
  ['bucket of Source.s3', (stack, place) => ({ source: Source.s3(bucketOf(stack, place), 'source.zip') })],
  [
    'repository of Source.codeCommit',
    (stack, place) => {
      const arn = `arn:aws:codecommit:${place}:given`;
      return { source: Source.codeCommit(codecommit.Repository.fromRepositoryArn(stack, 'Given', arn)) };
    },
  ],
  [
    'repository of Source.ecr',
    (stack, place) => {
      const own = ecr.Repository.fromRepositoryName(stack, 'Own', 'images');
      const targetFunction = TargetFunction.createFromImage({ repository: own });
      return { source: Source.ecr(repositoryOf(stack, place)), targetFunction };
    },
  ],
  ['notifications.topic', (stack, place) => ({ notifications: { topic: topicOf(stack, place) } })],
  ['notificationTopic of approvals', (stack, place) => ({ approvals: [{ notificationTopic: topicOf(stack, place) }] })],
];

const inPlace = (props: (stack: Stack, place: string) => Props, place: string) => {
  const stack = new Stack(new App(), 'Stack', { env: HERE });
  return () => addPipeline(props(stack, place), stack);
};

describe.each(GIVEN)('%s', (prop, props) => {
  test('fails in another Region', () => {
    expect(inPlace(props, 'us-east-1:111122223333')).toThrow(
      `${prop} must be in the Region of the pipeline, eu-west-1, got us-east-1; ` +
        'use one in that Region, or create the pipeline in a stack of the other Region',
    );
  });

  test('fails in another account', () => {
    expect(inPlace(props, 'eu-west-1:444455556666')).toThrow(
      `${prop} must be in the account of the pipeline, 111122223333, got 444455556666; `,
    );
  });

  test('may be anywhere when the place of the stack is unknown', () => {
    const stack = newStack();
    expect(() => addPipeline(props(stack, 'us-east-1:444455556666'), stack)).not.toThrow(/of the pipeline/);
  });
});

const qualified = (stack: Stack) => functionOf(stack, 'eu-west-1:111122223333', 'fn:live');
const alias = (stack: Stack) =>
  new lambda.Alias(stack, 'Alias', {
    aliasName: 'live',
    version: lambda.Version.fromVersionArn(stack, 'Version', 'arn:aws:lambda:eu-west-1:111122223333:function:fn:1'),
  });

test.each<[string, (stack: Stack) => Props, string]>([
  [
    'a qualified ARN as the function',
    (stack) => ({ targetFunction: TargetFunction.fromFunction(qualified(stack), { runtime }) }),
    'targetFunction of TargetFunction.fromFunction must be the function itself, because the pipeline publishes the ' +
      'versions, got arn:aws:lambda:eu-west-1:111122223333:function:fn:live; ',
  ],
  [
    'a qualified ARN as a hook',
    (stack) => ({ preTrafficHook: qualified(stack) }),
    'preTrafficHook must be the function itself, because CodeDeploy invokes a hook by its name, ' +
      'got arn:aws:lambda:eu-west-1:111122223333:function:fn:live; use the function of the alias',
  ],
  [
    'an alias as a hook',
    (stack) => ({ postTrafficHook: alias(stack) }),
    'postTrafficHook must be the function itself, because CodeDeploy invokes a hook by its name, ' +
      'got the version or alias Stack/Alias; use the function of the alias',
  ],
  [
    'the alias of a key',
    (stack) => ({ artifactStore: { encryptionKey: kms.Alias.fromAliasName(stack, 'Key', 'alias/own') } }),
    'artifactStore.encryptionKey must be a key, because policies cannot refer to a key by its alias, ' +
      'got the alias Stack/Key; use the key itself, for example kms.Key.fromKeyArn(this, "Key", keyArn)',
  ],
  [
    'the alias of a key by its ARN',
    (stack) => ({
      targetFunction: TargetFunction.create({
        runtime,
        handler: 'app.handler',
        environmentEncryption: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:alias/own'),
      }),
    }),
    'environmentEncryption of TargetFunction.create must be a key, because policies cannot',
  ],
  [
    'a FIFO topic for notifications',
    (stack) => ({ notifications: { topic: new sns.Topic(stack, 'Topic', { fifo: true }) } }),
    'notifications.topic must be a standard topic, because neither approvals nor email can use a FIFO topic',
  ],
  [
    'a FIFO topic for approvals',
    (stack) => ({
      approvals: [
        {
          notificationTopic: sns.Topic.fromTopicArn(stack, 'T', 'arn:aws:sns:eu-west-1:111122223333:approvals.fifo'),
        },
      ],
    }),
    'notificationTopic of approvals must be a standard topic',
  ],
  [
    'an image source of another repository',
    (stack) => ({
      source: Source.ecr(ecr.Repository.fromRepositoryName(stack, 'One', 'one')),
      targetFunction: TargetFunction.createFromImage({
        repository: ecr.Repository.fromRepositoryName(stack, 'Two', 'two'),
      }),
    }),
    'source must be Source.ecr with the repository of TargetFunction.createFromImage, got Stack/One; ' +
      'use the repository Stack/Two in both',
  ],
  [
    'an alias on $LATEST',
    (stack) => ({
      targetFunction: TargetFunction.fromAlias(
        lambda.Alias.fromAliasAttributes(stack, 'OnLatest', {
          aliasName: 'live',
          aliasVersion: lambda.Function.fromFunctionName(stack, 'Fn', 'fn').latestVersion,
        }),
        { runtime },
      ),
    }),
    'alias of TargetFunction.fromAlias must be an alias of a published version, because $LATEST changes before the ' +
      'traffic shifts, got Stack/OnLatest, which points to $LATEST; ',
  ],
])('fails with %s', (_, props, message) => {
  expect(() => pipelineWith(props)).toThrow(message);
});

test.each<[string, Props, string]>([
  [
    'tags and branches in one filter',
    { source: Source.connection('acme/x') },
    'pushFilter must be a list of filters with either tags or branches and file paths, got a filter with both',
  ],
])('fails with %s', (_, __, message) => {
  const pushFilter = [{ tagsIncludes: ['v*'], branchesIncludes: ['main'] }];
  expect(() => Source.connection('acme/x', { pushFilter })).toThrow(message);
});

test('fails with file paths without branches', () => {
  expect(() => Source.connection('acme/x', { pushFilter: [{ filePathsIncludes: ['src/**'] }] })).toThrow(
    'pushFilter.filePaths must be used together with branches, got a filter without branches; ' +
      'add branchesIncludes, for example ["main"]',
  );
});

test('fails without a connection ARN in a Region where CloudFormation has no connections', () => {
  const stack = new Stack(new App(), 'Stack', { env: { ...HERE, region: 'eu-south-2' } });
  expect(() => addPipeline({ source: Source.connection('acme/x') }, stack)).toThrow(
    'connectionArn must be set in eu-south-2, because CloudFormation cannot create connections there, got nothing; ' +
      'create a connection in another Region, in Developer Tools > Settings > Connections, and set its ARN',
  );
});

test.each([
  ['an existing function', lambda.Runtime.PYTHON_3_7, true],
  ['a new function', lambda.Runtime.PYTHON_3_7, false],
])('takes a runtime that Lambda still updates: %s', (_, old, isAllowed) => {
  const create = () =>
    isAllowed
      ? pipelineWith((stack) => ({
          targetFunction: TargetFunction.fromFunction(functionOf(stack, 'eu-west-1:1'), { runtime: old }),
        }))
      : TargetFunction.create({ runtime: old, handler: 'app.handler' });
  if (isAllowed) {
    expect(create).not.toThrow();
  } else {
    expect(create).toThrow('must be a runtime that Lambda still creates functions for, got "python3.7"');
  }
});

test('fails with a runtime that Lambda updates no longer', () => {
  expect(() =>
    pipelineWith((stack) => ({
      targetFunction: TargetFunction.fromFunction(functionOf(stack, 'eu-west-1:111122223333'), {
        runtime: lambda.Runtime.PYTHON_3_6,
      }),
    })),
  ).toThrow('runtime of the target function must be a runtime that Lambda still updates functions of');
});

test('warns when an imported hook may lack the permission to answer CodeDeploy', () => {
  const { stack } = pipelineWith((scope) => ({ preTrafficHook: functionOf(scope, 'eu-west-1:111122223333') }));
  Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('used as preTrafficHook'));
});
