import { StackTemplate } from '../../template/form';

/** An action as a diagram shows it. */
export interface ActionBox {
  readonly name: string;
  readonly provider: string;
  /** The artifacts, for example `SourceOutput → BuildOutput`. Empty without artifacts. */
  readonly artifacts: string;
}

/** A stage as a diagram shows it. */
export interface StageBox {
  readonly name: string;
  /** The condition for the entry; `undefined` without a condition. */
  readonly entry?: string;
  /** The actions in order. The actions of one step run at the same time. */
  readonly steps: readonly (readonly ActionBox[])[];
}

/** A pipeline as a diagram shows it. */
export interface PipelineBoxes {
  readonly name: string;
  readonly stages: readonly StageBox[];
}

/* The parts of a pipeline in a template. Their values may contain intrinsic functions. */

interface Stage {
  readonly Name: unknown;
  readonly Actions: Action[];
  readonly BeforeEntry?: { readonly Conditions?: Condition[] };
}

interface Action {
  readonly Name: unknown;
  readonly ActionTypeId: { readonly Provider: unknown };
  readonly Configuration?: { readonly UserParameters?: unknown };
  readonly RunOrder?: number;
  readonly InputArtifacts?: { readonly Name: unknown }[];
  readonly OutputArtifacts?: { readonly Name: unknown }[];
}

interface Condition {
  readonly Result: string;
  readonly Rules: { readonly Name: unknown; readonly Configuration?: RuleConfiguration }[];
}

interface RuleConfiguration {
  readonly Variable: unknown;
  readonly Operator: string;
  readonly Value: unknown;
}

const OPERATORS: Record<string, string> = { EQ: 'is', NE: 'is not', CONTAINS: 'contains', MATCHES: 'matches' };

/** Returns the pipelines of a stack. */
export function pipelinesOf({ template }: StackTemplate): PipelineBoxes[] {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::CodePipeline::Pipeline')
    .map(([logicalId, { Properties = {} }]) => ({
      name: typeof Properties.Name === 'string' ? Properties.Name : logicalId,
      stages: (Properties.Stages as Stage[]).map(stageBox),
    }));
}

function stageBox({ Name, Actions, BeforeEntry }: Stage): StageBox {
  const order = ({ RunOrder = 1 }: Action) => Number(RunOrder);
  const orders = [...new Set(Actions.map(order))].sort((a, b) => a - b);
  const entries = (BeforeEntry?.Conditions ?? []).map(entryText);
  return {
    name: text(Name),
    entry: entries.length > 0 ? entries.join(', ') : undefined,
    steps: orders.map((step) => Actions.filter((action) => order(action) === step).map(actionBox)),
  };
}

function actionBox({
  Name,
  ActionTypeId,
  Configuration,
  InputArtifacts = [],
  OutputArtifacts = [],
}: Action): ActionBox {
  const names = (artifacts: { readonly Name: unknown }[]) =>
    artifacts.map((artifact) => text(artifact.Name)).join(', ');
  const [inputs, outputs] = [names(InputArtifacts), names(OutputArtifacts)];
  return {
    name: text(Name),
    provider: [text(ActionTypeId.Provider), stepOf(Configuration)].filter(Boolean).join(': '),
    artifacts: outputs ? `${inputs} → ${outputs}`.trim() : inputs,
  };
}

/** Returns the step of the release function that an action runs. */
function stepOf(configuration: Action['Configuration']): string | undefined {
  return /"step":"(\w+)"/.exec(JSON.stringify(configuration?.UserParameters ?? '').replace(/\\/g, ''))?.[1];
}

function entryText({ Result, Rules }: Condition): string {
  return `${Result === 'SKIP' ? 'only when' : 'fails unless'} ${Rules.map(ruleText).join(' and ')}`;
}

function ruleText({ Name, Configuration }: Condition['Rules'][number]): string {
  const operator = OPERATORS[Configuration?.Operator ?? ''];
  return Configuration && operator
    ? `${text(Configuration.Variable).replace(/[#{}]/g, '')} ${operator} ${text(Configuration.Value)}`
    : text(Name);
}

/** Returns a text. An intrinsic function appears as in the template. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
