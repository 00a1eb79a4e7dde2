import { PolicyDocument } from '../account/iam/policy';
import { FunctionConfiguration } from '../account/lambda/state';

/*
 * The properties that the rehearsal reads, by resource type: resolved, and named as in the CloudFormation reference
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html).
 */

/** AWS::IAM::Role */
export interface RoleProperties {
  readonly RoleName?: string;
  readonly Path?: string;
  readonly AssumeRolePolicyDocument: PolicyDocument;
  readonly PermissionsBoundary?: string;
  readonly Policies?: { readonly PolicyDocument: PolicyDocument }[];
  readonly ManagedPolicyArns?: string[];
}

/** AWS::IAM::Policy */
export interface PolicyProperties {
  readonly Roles?: string[];
  readonly PolicyDocument: PolicyDocument;
}

/** AWS::IAM::ManagedPolicy */
export interface ManagedPolicyProperties {
  readonly ManagedPolicyName?: string;
  readonly Path?: string;
  readonly Roles?: string[];
  readonly PolicyDocument: PolicyDocument;
}

/** AWS::KMS::Key */
export interface KeyProperties {
  readonly KeyPolicy: PolicyDocument;
}

/** AWS::S3::Bucket */
export interface BucketProperties {
  readonly BucketName?: string;
  readonly VersioningConfiguration?: { readonly Status?: string };
  readonly BucketEncryption?: {
    readonly ServerSideEncryptionConfiguration?: {
      readonly ServerSideEncryptionByDefault?: { readonly KMSMasterKeyID?: string };
    }[];
  };
}

/** AWS::S3::BucketPolicy */
export interface BucketPolicyProperties {
  readonly Bucket: string;
  readonly PolicyDocument: PolicyDocument;
}

/** AWS::SSM::Parameter */
export interface ParameterProperties {
  readonly Name?: string;
  readonly Type: string;
  readonly Value: string;
  readonly Tier?: string;
}

/** Properties of which the rehearsal reads only the name. */
export interface NameProperty {
  readonly Name?: string;
}

/** AWS::CloudWatch::CompositeAlarm */
export interface CompositeAlarmProperties {
  readonly AlarmName?: string;
  readonly AlarmRule: string;
}

/** AWS::Logs::LogGroup */
export interface LogGroupProperties {
  readonly LogGroupName?: string;
  readonly RetentionInDays?: number;
}

/** AWS::Lambda::Function */
export interface FunctionProperties extends FunctionConfiguration {
  readonly FunctionName?: string;
  readonly Code?: {
    readonly S3Bucket?: string;
    readonly S3Key?: string;
    readonly S3ObjectVersion?: string;
    readonly ZipFile?: string;
  };
}

/** AWS::Lambda::Version */
export interface VersionProperties {
  readonly FunctionName: string;
  readonly Description?: string;
}

/** AWS::Lambda::Alias */
export interface AliasProperties {
  readonly FunctionName: string;
  readonly Name: string;
  readonly FunctionVersion: string;
}

/** AWS::Lambda::Permission */
export interface PermissionProperties {
  readonly FunctionName: string;
  readonly Action: string;
  readonly Principal: string;
  readonly SourceArn?: string;
  readonly SourceAccount?: string;
  readonly PrincipalOrgID?: string;
}

/** AWS::Lambda::Url */
export interface FunctionUrlProperties {
  readonly TargetFunctionArn: string;
  readonly Qualifier?: string;
}

/** AWS::Lambda::EventSourceMapping */
export interface EventSourceMappingProperties {
  readonly FunctionName: string;
  readonly EventSourceArn?: string;
}

/** AWS::SQS::Queue */
export interface QueueProperties {
  readonly QueueName?: string;
  readonly VisibilityTimeout?: number;
}

/** AWS::ApplicationAutoScaling::ScalableTarget */
export interface ScalableTargetProperties {
  readonly ServiceNamespace: string;
  readonly ResourceId: string;
  readonly ScalableDimension: string;
}

/** AWS::Lambda::EventInvokeConfig */
export interface EventInvokeConfigProperties {
  readonly FunctionName: string;
  readonly Qualifier?: string;
  readonly MaximumRetryAttempts?: number;
}

/** AWS::CodeDeploy::Application */
export interface ApplicationProperties {
  readonly ApplicationName?: string;
}

/** AWS::CodeDeploy::DeploymentConfig */
export interface DeploymentConfigProperties {
  readonly DeploymentConfigName?: string;
  readonly TrafficRoutingConfig?: TrafficRoutingConfig;
}

/** The traffic routing of a deployment configuration. */
export interface TrafficRoutingConfig {
  readonly Type: string;
  readonly TimeBasedCanary?: { readonly CanaryPercentage: number; readonly CanaryInterval: number };
  readonly TimeBasedLinear?: { readonly LinearPercentage: number; readonly LinearInterval: number };
}

/** AWS::CodeBuild::Project */
export interface ProjectProperties {
  readonly Name?: string;
  readonly ServiceRole: string;
  readonly Source?: { readonly BuildSpec?: string };
  readonly Environment?: {
    readonly Image?: string;
    readonly EnvironmentVariables?: { readonly Name: string; readonly Value: string; readonly Type?: string }[];
  };
  readonly TimeoutInMinutes?: number;
  readonly Cache?: { readonly Type: string; readonly Location?: string; readonly Modes?: string[] };
  readonly LogsConfig?: { readonly CloudWatchLogs?: { readonly Status?: string; readonly GroupName?: string } };
  readonly EncryptionKey?: string;
}

/** AWS::SNS::Topic */
export interface TopicProperties {
  readonly TopicName?: string;
  readonly KmsMasterKeyId?: string;
}

/** AWS::SNS::TopicPolicy */
export interface TopicPolicyProperties {
  readonly Topics?: string[];
  readonly PolicyDocument: PolicyDocument;
}

/** AWS::SNS::Subscription */
export interface SubscriptionProperties {
  readonly Endpoint: string;
  readonly Protocol: string;
}

/** AWS::CodeArtifact::Domain */
export interface DomainProperties {
  readonly DomainName: string;
}

/** AWS::CodeArtifact::Repository */
export interface PackageRepositoryProperties {
  readonly DomainName: string;
  readonly RepositoryName: string;
  readonly ExternalConnections?: string[];
  readonly Upstreams?: string[];
}

/** AWS::ECR::Repository and AWS::CodeCommit::Repository */
export interface RepositoryProperties {
  readonly RepositoryName: string;
  readonly RepositoryPolicyText?: PolicyDocument;
}

/** AWS::CodeConnections::Connection */
export interface ConnectionProperties {
  readonly ConnectionName?: string;
}
