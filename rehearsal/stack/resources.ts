import type { Deployed, ResourceContext } from './context';
import { deployCustomResource, FUNCTION_WITH_ALIAS } from './custom-resource';
import {
  deployEventInvokeConfig,
  deployEventSourceMapping,
  deployFunctionUrl,
  deployPermission,
  deployQueue,
  deployScalableTarget,
} from './function-uses';
import { deployAlias, deployFunction, deployVersion } from './functions';
import { PipelineProperties } from './pipeline-definition';
import type * as properties from './properties';
import { AlarmProperties } from '../account/cloudwatch/cloudwatch';
import { DeploymentGroup, Routing } from '../account/codedeploy/state';
import { RuleProperties } from '../account/events';
import { list } from '../base/list';

/** Deploys a resource. Each function declares the properties that it reads. */
export type Deploy = (context: ResourceContext<never>) => Deployed | Promise<Deployed>;

type Context<Properties> = ResourceContext<Properties>;

/** Types without an effect that a release could notice. */
export const SILENT_TYPES = ['AWS::CDK::Metadata'];

/** How to deploy a resource of each type. The stack omits all other types and names them in the output. */
export const RESOURCE_TYPES: Record<string, Deploy> = {
  'AWS::IAM::Role': deployRole,
  'AWS::IAM::Policy': deployPolicy,
  'AWS::IAM::ManagedPolicy': deployManagedPolicy,
  'AWS::KMS::Key': deployKey,
  'AWS::S3::Bucket': deployBucket,
  'AWS::S3::BucketPolicy': deployBucketPolicy,
  'AWS::SSM::Parameter': deployParameter,
  'AWS::SecretsManager::Secret': deploySecret,
  'AWS::CloudWatch::Alarm': deployAlarm,
  'AWS::CloudWatch::CompositeAlarm': deployCompositeAlarm,
  'AWS::Logs::LogGroup': deployLogGroup,
  'AWS::Lambda::Function': deployFunction,
  'AWS::Lambda::Version': deployVersion,
  'AWS::Lambda::Alias': deployAlias,
  'AWS::Lambda::Permission': deployPermission,
  'AWS::Lambda::EventInvokeConfig': deployEventInvokeConfig,
  'AWS::Lambda::EventSourceMapping': deployEventSourceMapping,
  'AWS::Lambda::Url': deployFunctionUrl,
  'AWS::SQS::Queue': deployQueue,
  'AWS::ApplicationAutoScaling::ScalableTarget': deployScalableTarget,
  [FUNCTION_WITH_ALIAS]: deployCustomResource,
  'AWS::CodeDeploy::Application': deployApplication,
  'AWS::CodeDeploy::DeploymentConfig': deployDeploymentConfig,
  'AWS::CodeDeploy::DeploymentGroup': deployDeploymentGroup,
  'AWS::CodeBuild::Project': deployProject,
  'AWS::Events::Rule': deployRule,
  'AWS::SNS::Topic': deployTopic,
  'AWS::SNS::TopicPolicy': deployTopicPolicy,
  'AWS::SNS::Subscription': deploySubscription,
  'AWS::CodeArtifact::Domain': deployDomain,
  'AWS::CodeArtifact::Repository': deployPackageRepository,
  'AWS::ECR::Repository': deployImageRepository,
  'AWS::CodeCommit::Repository': deployCodeRepository,
  'AWS::CodePipeline::Pipeline': deployPipeline,
  'AWS::CodeConnections::Connection': (context) => deployConnection(context, 'codeconnections'),
  'AWS::CodeStarConnections::Connection': (context) => deployConnection(context, 'codestar-connections'),
};

function named(ref: string, attributes: Record<string, unknown> = {}): Deployed {
  return { ref, attributes };
}

function deployRole(context: Context<properties.RoleProperties>): Deployed {
  const { account, logicalId, properties: role, generatedName } = context;
  const name = role.RoleName ?? generatedName;
  const arn = `arn:aws:iam::${account.id}:role${role.Path ?? '/'}${name}`;
  account.iam.addRole({
    arn,
    name,
    logicalId,
    trust: role.AssumeRolePolicyDocument,
    policies: list(role.Policies).map((policy) => policy.PolicyDocument),
    managed: [...list(role.ManagedPolicyArns)],
    boundary: role.PermissionsBoundary,
  });
  return named(name, { Arn: arn, RoleId: `AROA${name.toUpperCase()}` });
}

function deployPolicy({ account, properties, generatedName }: Context<properties.PolicyProperties>): Deployed {
  for (const role of list(properties.Roles)) {
    account.iam.attach(role, properties.PolicyDocument);
  }
  return named(generatedName, { Id: generatedName });
}

function deployManagedPolicy(context: Context<properties.ManagedPolicyProperties>): Deployed {
  const { account, properties, generatedName } = context;
  const name = properties.ManagedPolicyName ?? generatedName;
  const arn = `arn:aws:iam::${account.id}:policy${properties.Path ?? '/'}${name}`;
  account.iam.managed.add(arn, properties.PolicyDocument);
  list(properties.Roles).forEach((role) => account.iam.attachManaged(role, arn));
  return named(arn, { PolicyArn: arn, PolicyId: `ANPA${name.toUpperCase()}` });
}

function deployKey({ account, properties, generatedName }: Context<properties.KeyProperties>): Deployed {
  const arn = account.arn('kms', `key/${generatedName}`);
  account.iam.setResourcePolicy(arn, properties.KeyPolicy);
  return named(generatedName, { Arn: arn, KeyId: generatedName });
}

function deployBucket({ account, properties, generatedName }: Context<properties.BucketProperties>): Deployed {
  const name = properties.BucketName ?? generatedName.toLowerCase();
  const encryption = properties.BucketEncryption?.ServerSideEncryptionConfiguration?.[0]?.ServerSideEncryptionByDefault;
  account.s3.addBucket(name, properties.VersioningConfiguration?.Status === 'Enabled', encryption?.KMSMasterKeyID);
  return named(name, {
    Arn: `arn:aws:s3:::${name}`,
    DomainName: `${name}.s3.amazonaws.com`,
    RegionalDomainName: `${name}.s3.${account.region}.amazonaws.com`,
  });
}

function deployBucketPolicy(context: Context<properties.BucketPolicyProperties>): Deployed {
  const { account, properties, generatedName } = context;
  account.iam.setResourcePolicy(`arn:aws:s3:::${properties.Bucket}`, properties.PolicyDocument);
  return named(generatedName);
}

/** CloudFormation writes a parameter when any of its properties changes, its tags too. */
function deployParameter(context: Context<properties.ParameterProperties>): Deployed {
  const { account, properties, generatedName, changed, deployment } = context;
  const name = properties.Name ?? generatedName;
  if (changed('parameter', properties) || !account.ssm.find(name)) {
    const isUpdate = account.ssm.addParameter(name, properties.Type, properties.Value, properties.Tier);
    deployment.updatedParameters.push(...(isUpdate ? [name] : []));
  }
  return named(name, { Type: properties.Type, Value: properties.Value });
}

function deploySecret({ account, properties, generatedName }: Context<properties.NameProperty>): Deployed {
  return named(account.arn('secretsmanager', `secret:${properties.Name ?? generatedName}-000000`));
}

function deployAlarm({ account, properties, generatedName }: Context<AlarmProperties>): Deployed {
  const name = properties.AlarmName ?? generatedName;
  account.cloudWatch.addAlarm(name, properties);
  return named(name, { Arn: account.cloudWatch.alarmArn(name) });
}

function deployCompositeAlarm(context: Context<properties.CompositeAlarmProperties>): Deployed {
  const { account, properties, generatedName } = context;
  const name = properties.AlarmName ?? generatedName;
  account.cloudWatch.addCompositeAlarm(name, properties.AlarmRule);
  return named(name, { Arn: account.cloudWatch.alarmArn(name) });
}

function deployLogGroup(context: Context<properties.LogGroupProperties>): Deployed {
  const { account, properties, generatedName, deployment } = context;
  const name = properties.LogGroupName ?? generatedName;
  deployment.logGroups.add(name);
  return named(name, { Arn: account.arn('logs', `log-group:${name}:*`) });
}

function deployApplication(context: Context<properties.ApplicationProperties>): Deployed {
  const { account, properties, generatedName } = context;
  const name = properties.ApplicationName ?? generatedName;
  account.codeDeploy.addApplication(name);
  return named(name);
}

function deployDeploymentConfig(context: Context<properties.DeploymentConfigProperties>): Deployed {
  const { account, properties, generatedName } = context;
  const name = properties.DeploymentConfigName ?? generatedName;
  account.codeDeploy.addConfig(name, routingOf(properties.TrafficRoutingConfig));
  return named(name);
}

function routingOf(config: properties.TrafficRoutingConfig | undefined): Routing {
  const { TimeBasedCanary: canary, TimeBasedLinear: linear } = config ?? {};
  if (config?.Type === 'TimeBasedCanary' && canary) {
    const { CanaryPercentage, CanaryInterval } = canary;
    return { kind: config.Type, percentage: Number(CanaryPercentage), minutes: Number(CanaryInterval) };
  }
  if (config?.Type === 'TimeBasedLinear' && linear) {
    const { LinearPercentage, LinearInterval } = linear;
    return { kind: config.Type, percentage: Number(LinearPercentage), minutes: Number(LinearInterval) };
  }
  return { kind: 'AllAtOnce', percentage: 100, minutes: 0 };
}

function deployDeploymentGroup(context: Context<Omit<DeploymentGroup, 'DeploymentGroupName'> & GroupName>): Deployed {
  const { account, properties, generatedName, deployment } = context;
  const name = properties.DeploymentGroupName ?? generatedName;
  deployment.deploymentRoles.add(properties.ServiceRoleArn);
  account.codeDeploy.addGroup({ ...properties, DeploymentGroupName: name });
  return named(name);
}

interface GroupName {
  readonly DeploymentGroupName?: string;
}

function deployProject(context: Context<properties.ProjectProperties>): Deployed {
  const { account, properties, generatedName, deployment } = context;
  const name = properties.Name ?? generatedName;
  deployment.projects.set(name, { ...properties, Name: name });
  return named(name, { Arn: account.arn('codebuild', `project/${name}`) });
}

function deployRule({ account, properties, generatedName }: Context<RuleProperties & properties.NameProperty>) {
  const name = properties.Name ?? generatedName;
  account.events.addRule(name, properties);
  return named(name, { Arn: account.arn('events', `rule/${name}`) });
}

function deployTopic({ account, properties, generatedName }: Context<properties.TopicProperties>): Deployed {
  const name = properties.TopicName ?? generatedName;
  const arn = account.arn('sns', name);
  account.sns.addTopic(arn, properties.KmsMasterKeyId);
  return named(arn, { TopicArn: arn, TopicName: name });
}

function deployTopicPolicy(context: Context<properties.TopicPolicyProperties>): Deployed {
  const { account, properties, generatedName } = context;
  for (const topic of list(properties.Topics)) {
    account.iam.setResourcePolicy(topic, properties.PolicyDocument);
  }
  return named(generatedName);
}

function deploySubscription(context: Context<properties.SubscriptionProperties>): Deployed {
  const { account, properties, generatedName } = context;
  account.notRehearsed.add(`the delivery of notices to ${properties.Endpoint} (${properties.Protocol})`);
  return named(generatedName);
}

function deployDomain({ account, properties: { DomainName } }: Context<properties.DomainProperties>): Deployed {
  account.codeArtifact.addDomain(DomainName);
  const arn = account.arn('codeartifact', `domain/${DomainName}`);
  return named(arn, { Arn: arn, Name: DomainName, Owner: account.id });
}

function deployPackageRepository(context: Context<properties.PackageRepositoryProperties>): Deployed {
  const { account, properties } = context;
  const { DomainName, RepositoryName } = properties;
  account.codeArtifact.addRepository(DomainName, RepositoryName, {
    externalConnections: list(properties.ExternalConnections),
    upstreams: list(properties.Upstreams),
  });
  const arn = account.arn('codeartifact', `repository/${DomainName}/${RepositoryName}`);
  return named(arn, { Arn: arn, Name: RepositoryName, DomainName, DomainOwner: account.id });
}

function deployImageRepository(context: Context<Partial<properties.RepositoryProperties>>): Deployed {
  const { account, properties, generatedName } = context;
  const name = properties.RepositoryName ?? generatedName.toLowerCase();
  const arn = account.arn('ecr', `repository/${name}`);
  account.repositories.add(arn);
  if (properties.RepositoryPolicyText) {
    account.iam.setResourcePolicy(arn, properties.RepositoryPolicyText);
  }
  return named(name, { Arn: arn, RepositoryUri: `${account.id}.dkr.ecr.${account.region}.amazonaws.com/${name}` });
}

function deployCodeRepository(context: Context<properties.RepositoryProperties>): Deployed {
  const { RepositoryName } = context.properties;
  return named(context.logicalId, { Name: RepositoryName, Arn: context.account.arn('codecommit', RepositoryName) });
}

function deployPipeline({ properties, generatedName, deployment }: Context<PipelineProperties>): Deployed {
  const name = properties.Name ?? generatedName;
  deployment.pipelines.push({ name, properties });
  return named(name, { Version: '1' });
}

function deployConnection(context: Context<properties.ConnectionProperties>, service: string): Deployed {
  const { account, logicalId, properties } = context;
  account.notRehearsed.add(
    `the handshake of the connection ${properties.ConnectionName ?? logicalId}: ` +
      'a new connection is PENDING until its handshake is completed in the console',
  );
  const arn = account.arn(service, `connection/${logicalId}`);
  return named(arn, { ConnectionArn: arn, ConnectionStatus: 'AVAILABLE' });
}
