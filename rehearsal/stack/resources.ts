import { deployAlias, deployFunction, deployVersion } from './functions';
import type { ResourceContext } from './stack';
import { Routing } from '../account/codedeploy/state';
import { list } from '../account/iam/condition';
import { PolicyDocument } from '../account/iam/policy';
import { functionName } from '../account/lambda/names';

/** What other resources can refer to. */
export interface Deployed {
  readonly ref: string;
  readonly attributes: Record<string, unknown>;
}

type Deploy = (context: ResourceContext) => Deployed | Promise<Deployed>;

/** Types that do nothing which a release could notice. */
export const SILENT_TYPES = ['AWS::CDK::Metadata'];

/** What is done for a resource of each type. Types that aren't here are left out, and named in the output. */
export const RESOURCE_TYPES: Record<string, Deploy> = {
  'AWS::IAM::Role': deployRole,
  'AWS::IAM::Policy': deployPolicy,
  'AWS::KMS::Key': deployKey,
  'AWS::S3::Bucket': deployBucket,
  'AWS::S3::BucketPolicy': ({ account, properties, generatedName }) => {
    account.iam.setResourcePolicy(`arn:aws:s3:::${properties.Bucket}`, properties.PolicyDocument);
    return named(generatedName);
  },
  'AWS::SSM::Parameter': ({ account, properties, generatedName }) => {
    const name = properties.Name ?? generatedName;
    account.ssm.addParameter(name, properties.Type, properties.Value);
    return named(name, { Type: properties.Type, Value: properties.Value });
  },
  'AWS::SecretsManager::Secret': ({ account, properties, generatedName }) =>
    named(account.arn('secretsmanager', `secret:${properties.Name ?? generatedName}-000000`)),
  'AWS::CloudWatch::Alarm': ({ account, properties, generatedName }) => {
    const name = properties.AlarmName ?? generatedName;
    account.cloudWatch.addAlarm(name, properties);
    return named(name, { Arn: account.cloudWatch.alarmArn(name) });
  },
  'AWS::CloudWatch::CompositeAlarm': ({ account, properties, generatedName }) => {
    const name = properties.AlarmName ?? generatedName;
    account.cloudWatch.addCompositeAlarm(name, properties.AlarmRule);
    return named(name, { Arn: account.cloudWatch.alarmArn(name) });
  },
  'AWS::Logs::LogGroup': ({ account, properties, generatedName, deployment }) => {
    const name = properties.LogGroupName ?? generatedName;
    deployment.logGroups.add(name);
    return named(name, { Arn: account.arn('logs', `log-group:${name}:*`) });
  },
  'AWS::Lambda::Function': deployFunction,
  'AWS::Lambda::Version': deployVersion,
  'AWS::Lambda::Alias': deployAlias,
  'AWS::Lambda::Permission': deployPermission,
  'AWS::Lambda::EventInvokeConfig': ({ account, properties, generatedName }) => {
    account.invocations.setRetryAttempts(functionName(properties.FunctionName), properties.MaximumRetryAttempts ?? 2);
    return named(generatedName);
  },
  'AWS::CodeDeploy::Application': ({ account, properties, generatedName }) => {
    const name = properties.ApplicationName ?? generatedName;
    account.codeDeploy.addApplication(name);
    return named(name);
  },
  'AWS::CodeDeploy::DeploymentConfig': ({ account, properties, generatedName }) => {
    const name = properties.DeploymentConfigName ?? generatedName;
    account.codeDeploy.addConfig(name, routingOf(properties.TrafficRoutingConfig));
    return named(name);
  },
  'AWS::CodeDeploy::DeploymentGroup': ({ account, properties, generatedName }) => {
    const name = properties.DeploymentGroupName ?? generatedName;
    account.codeDeploy.addGroup({ ...properties, DeploymentGroupName: name });
    return named(name);
  },
  'AWS::CodeBuild::Project': ({ account, properties, generatedName, deployment }) => {
    const name = properties.Name ?? generatedName;
    deployment.projects.set(name, { ...properties, Name: name });
    return named(name, { Arn: account.arn('codebuild', `project/${name}`) });
  },
  'AWS::Events::Rule': ({ account, properties, generatedName }) => {
    const name = properties.Name ?? generatedName;
    account.events.addRule(name, properties);
    return named(name, { Arn: account.arn('events', `rule/${name}`) });
  },
  'AWS::SNS::Topic': ({ account, properties, generatedName }) => {
    const name = properties.TopicName ?? generatedName;
    account.sns.addTopic(account.arn('sns', name), properties.KmsMasterKeyId);
    return named(account.arn('sns', name), { TopicArn: account.arn('sns', name), TopicName: name });
  },
  'AWS::SNS::TopicPolicy': ({ account, properties, generatedName }) => {
    for (const topic of list<string>(properties.Topics)) {
      account.iam.setResourcePolicy(topic, properties.PolicyDocument);
    }
    return named(generatedName);
  },
  'AWS::SNS::Subscription': ({ account, properties, generatedName }) => {
    account.notRehearsed.add(`the way of a notice to ${properties.Endpoint} (${properties.Protocol})`);
    return named(generatedName);
  },
  'AWS::CodeArtifact::Domain': ({ account, properties: { DomainName } }) => {
    account.codeArtifact.addDomain(DomainName);
    const arn = account.arn('codeartifact', `domain/${DomainName}`);
    return named(arn, { Arn: arn, Name: DomainName, Owner: account.id });
  },
  'AWS::CodeArtifact::Repository': ({
    account,
    properties: { DomainName, RepositoryName, ExternalConnections, Upstreams },
  }) => {
    const origins = { externalConnections: list<string>(ExternalConnections), upstreams: list<string>(Upstreams) };
    account.codeArtifact.addRepository(DomainName, RepositoryName, origins);
    const arn = account.arn('codeartifact', `repository/${DomainName}/${RepositoryName}`);
    return named(arn, { Arn: arn, Name: RepositoryName, DomainName, DomainOwner: account.id });
  },
  'AWS::ECR::Repository': ({ account, properties, generatedName }) => {
    const name = properties.RepositoryName ?? generatedName.toLowerCase();
    const arn = account.arn('ecr', `repository/${name}`);
    account.repositories.add(arn);
    if (properties.RepositoryPolicyText) {
      account.iam.setResourcePolicy(arn, properties.RepositoryPolicyText);
    }
    return named(name, { Arn: arn, RepositoryUri: `${account.id}.dkr.ecr.${account.region}.amazonaws.com/${name}` });
  },
  'AWS::CodeCommit::Repository': ({ account, logicalId, properties: { RepositoryName } }) => {
    return named(logicalId, { Name: RepositoryName, Arn: account.arn('codecommit', RepositoryName) });
  },
  'AWS::CodePipeline::Pipeline': ({ properties, generatedName, deployment }) => {
    const name = properties.Name ?? generatedName;
    deployment.pipelines.push({ name, properties });
    return named(name, { Version: '1' });
  },
  'AWS::CodeConnections::Connection': connection('codeconnections'),
  'AWS::CodeStarConnections::Connection': connection('codestar-connections'),
};

function named(ref: string, attributes: Record<string, unknown> = {}): Deployed {
  return { ref, attributes };
}

function deployRole({ account, logicalId, properties, generatedName }: ResourceContext): Deployed {
  const name: string = properties.RoleName ?? generatedName;
  const arn = `arn:aws:iam::${account.id}:role${properties.Path ?? '/'}${name}`;
  if (properties.PermissionsBoundary) {
    throw account.refuse(`the permissions boundary of the role ${logicalId}`);
  }
  const policies = list<{ PolicyDocument: PolicyDocument }>(properties.Policies).map((policy) => policy.PolicyDocument);
  account.iam.addRole({ arn, name, logicalId, trust: properties.AssumeRolePolicyDocument, policies });
  for (const managed of list<string>(properties.ManagedPolicyArns)) {
    account.iam.attachManaged(name, managed);
  }
  return named(name, { Arn: arn, RoleId: `AROA${name.toUpperCase()}` });
}

function deployPolicy({ account, properties, generatedName }: ResourceContext): Deployed {
  for (const role of list<string>(properties.Roles)) {
    account.iam.attach(role, properties.PolicyDocument);
  }
  return named(generatedName, { Id: generatedName });
}

function deployPermission({ account, properties, generatedName }: ResourceContext): Deployed {
  const { FunctionName, Action, Principal, SourceArn, SourceAccount } = properties;
  const arn = account.lambda.arn({ FunctionName });
  const conditions = {
    ...(SourceArn ? { ArnLike: { 'aws:SourceArn': SourceArn } } : {}),
    ...(SourceAccount ? { StringEquals: { 'aws:SourceAccount': SourceAccount } } : {}),
  };
  const who: Record<string, string> = { [String(Principal).endsWith('.amazonaws.com') ? 'Service' : 'AWS']: Principal };
  account.iam.addResourceStatement(arn, {
    Effect: 'Allow',
    Action,
    Resource: arn,
    Principal: who,
    Condition: conditions,
  });
  return named(generatedName);
}

function deployKey({ account, properties, generatedName }: ResourceContext): Deployed {
  const arn = account.arn('kms', `key/${generatedName}`);
  account.iam.setResourcePolicy(arn, properties.KeyPolicy);
  return named(generatedName, { Arn: arn, KeyId: generatedName });
}

function deployBucket({ account, properties, generatedName }: ResourceContext): Deployed {
  const name: string = properties.BucketName ?? generatedName.toLowerCase();
  const encryption = properties.BucketEncryption?.ServerSideEncryptionConfiguration?.[0]?.ServerSideEncryptionByDefault;
  account.s3.addBucket(name, properties.VersioningConfiguration?.Status === 'Enabled', encryption?.KMSMasterKeyID);
  return named(name, {
    Arn: `arn:aws:s3:::${name}`,
    DomainName: `${name}.s3.amazonaws.com`,
    RegionalDomainName: `${name}.s3.${account.region}.amazonaws.com`,
  });
}

function routingOf(config: any): Routing {
  const { Type, TimeBasedCanary, TimeBasedLinear } = config ?? { Type: 'AllAtOnce' };
  if (Type === 'TimeBasedCanary') {
    return {
      kind: Type,
      percentage: Number(TimeBasedCanary.CanaryPercentage),
      minutes: Number(TimeBasedCanary.CanaryInterval),
    };
  }
  if (Type === 'TimeBasedLinear') {
    return {
      kind: Type,
      percentage: Number(TimeBasedLinear.LinearPercentage),
      minutes: Number(TimeBasedLinear.LinearInterval),
    };
  }
  return { kind: 'AllAtOnce', percentage: 100, minutes: 0 };
}

function connection(service: string): Deploy {
  return ({ account, logicalId, properties }) => {
    account.notRehearsed.add(
      `the handshake of the connection ${properties.ConnectionName ?? logicalId}: a new one is PENDING until somebody finishes it in the console`,
    );
    const arn = account.arn(service, `connection/${logicalId}`);
    return named(arn, { ConnectionArn: arn, ConnectionStatus: 'AVAILABLE' });
  };
}
