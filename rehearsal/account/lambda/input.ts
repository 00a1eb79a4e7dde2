import { FunctionConfiguration } from './state';

/* The inputs of the operations, as far as the rehearsal reads them. */

/** A function by name or ARN, or a version of it. */
export interface FunctionInput {
  readonly FunctionName: string;
  readonly Qualifier?: string;
}

/** A function to change. */
export interface ChangeInput extends FunctionInput {
  readonly RevisionId?: string;
}

/** Code: a zip in base64, an object in S3, or an image. */
export interface CodeInput {
  readonly ZipFile?: string;
  readonly S3Bucket?: string;
  readonly S3Key?: string;
  readonly S3ObjectVersion?: string;
  readonly ImageUri?: string;
}

/** CreateFunction */
export interface CreateFunctionInput extends FunctionInput, FunctionConfiguration {
  readonly Code?: CodeInput;
  readonly PackageType?: string;
  readonly Publish?: boolean;
  readonly Tags?: Record<string, string>;
}

/** UpdateFunctionCode */
export interface UpdateCodeInput extends ChangeInput, CodeInput {
  readonly Architectures?: string[];
  readonly Publish?: boolean;
  readonly DryRun?: boolean;
}

/** UpdateFunctionConfiguration */
export type UpdateConfigurationInput = ChangeInput & FunctionConfiguration;

/** PublishVersion */
export interface PublishInput extends ChangeInput {
  readonly CodeSha256?: string;
  readonly Description?: string;
}

/** An alias of a function. */
export interface AliasInput extends FunctionInput {
  readonly Name: string;
}

/** CreateAlias and UpdateAlias */
export interface ChangeAliasInput extends AliasInput {
  readonly FunctionVersion?: string;
  readonly Description?: string;
  readonly RevisionId?: string;
  readonly RoutingConfig?: { readonly AdditionalVersionWeights?: Record<string, number> };
}

/** ListAliases */
export interface ListAliasesInput extends FunctionInput {
  readonly FunctionVersion?: string;
}

/** AddPermission */
export interface AddPermissionInput extends FunctionInput {
  readonly StatementId: string;
  readonly Action: string;
  readonly Principal: string;
  readonly SourceArn?: string;
  readonly SourceAccount?: string;
  readonly PrincipalOrgID?: string;
  readonly FunctionUrlAuthType?: string;
  readonly EventSourceToken?: string;
  readonly InvokedViaFunctionUrl?: boolean;
}

/** ListTags */
export interface ListTagsInput {
  readonly Resource: string;
}

/** TagResource */
export interface TagInput {
  readonly Resource: string;
  readonly Tags: Record<string, string>;
}

/** Invoke */
export interface InvokeInput extends FunctionInput {
  readonly InvocationType?: string;
  readonly Payload?: Buffer | string;
}
