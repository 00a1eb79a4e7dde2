/** A pipeline of a template, with resolved properties. */
export interface PipelineDefinition {
  readonly name: string;
  readonly properties: PipelineProperties;
}

/** The properties of AWS::CodePipeline::Pipeline that the rehearsal reads. */
export interface PipelineProperties {
  readonly Name?: string;
  readonly RoleArn: string;
  readonly Stages: StageDeclaration[];
  readonly Variables?: VariableDeclaration[];
  readonly ArtifactStore?: { readonly Location?: string; readonly EncryptionKey?: { readonly Id: string } };
}

/** A variable of a pipeline. */
export interface VariableDeclaration {
  readonly Name: string;
  readonly DefaultValue?: string;
}

/** A stage of a pipeline. */
export interface StageDeclaration {
  readonly Name: string;
  readonly Actions: ActionDeclaration[];
  readonly BeforeEntry?: { readonly Conditions?: ConditionDeclaration[] };
  readonly OnSuccess?: unknown;
  readonly OnFailure?: { readonly Result?: string };
}

/** A condition of a stage. */
export interface ConditionDeclaration {
  readonly Result: string;
  readonly Rules: RuleDeclaration[];
}

/** A rule of a condition. */
export interface RuleDeclaration {
  readonly Name: string;
  readonly RuleTypeId: { readonly Provider: string };
  readonly Configuration: Record<string, string>;
}

/** An action of a stage. */
export interface ActionDeclaration {
  readonly Name: string;
  readonly ActionTypeId: ActionType;
  readonly Configuration?: Record<string, unknown>;
  readonly RunOrder?: number;
  readonly Namespace?: string;
  readonly RoleArn?: string;
  readonly InputArtifacts?: { readonly Name: string }[];
  readonly OutputArtifacts?: { readonly Name: string; readonly Files?: string[] }[];
  /** For an action with commands only. */
  readonly Commands?: string[];
  /** For an action with commands only. */
  readonly OutputVariables?: string[];
}

/** The type of an action. */
export interface ActionType {
  readonly Category: string;
  readonly Owner: string;
  readonly Provider: string;
  readonly Version: string;
}
