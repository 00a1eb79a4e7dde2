import { StackTemplate } from '../../template/template';

/** An action as a diagram shows it. */
export interface ActionBox {
  readonly name: string;
  readonly provider: string;
  /** Its artifacts, `SourceOutput → BuildOutput`; empty when it has none. */
  readonly artifacts: string;
}

/** A stage as a diagram shows it. */
export interface StageBox {
  readonly name: string;
  /** When it is entered; `undefined` when always. */
  readonly entry?: string;
  /** Actions in the order in which they run; those of one step run at the same time. */
  readonly steps: readonly (readonly ActionBox[])[];
}

/** A pipeline as a diagram shows it. */
export interface PipelineBoxes {
  readonly name: string;
  readonly stages: readonly StageBox[];
}

const OPERATORS: Record<string, string> = { EQ: 'is', NE: 'is not', CONTAINS: 'contains', MATCHES: 'matches' };

/** The pipelines of a stack. */
export function pipelinesOf({ template }: StackTemplate): PipelineBoxes[] {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::CodePipeline::Pipeline')
    .map(([logicalId, { Properties }]) => ({
      name: typeof Properties?.Name === 'string' ? Properties.Name : logicalId,
      stages: Properties?.Stages.map(stageBox),
    }));
}

function stageBox({ Name, Actions, BeforeEntry }: any): StageBox {
  const order = ({ RunOrder = 1 }: any) => Number(RunOrder);
  const orders = [...new Set<number>(Actions.map(order))].sort((a, b) => a - b);
  const entries = (BeforeEntry?.Conditions ?? []).map(entryText);
  return {
    name: text(Name),
    entry: entries.length > 0 ? entries.join(', ') : undefined,
    steps: orders.map((step) => Actions.filter((action: any) => order(action) === step).map(actionBox)),
  };
}

function actionBox({ Name, ActionTypeId, Configuration, InputArtifacts = [], OutputArtifacts = [] }: any): ActionBox {
  const names = (artifacts: any[]) => artifacts.map((artifact) => text(artifact.Name)).join(', ');
  const [inputs, outputs] = [names(InputArtifacts), names(OutputArtifacts)];
  return {
    name: text(Name),
    provider: [text(ActionTypeId.Provider), stepOf(Configuration)].filter(Boolean).join(': '),
    artifacts: outputs ? `${inputs} → ${outputs}`.trim() : inputs,
  };
}

/** The step of the release function that an action runs. */
function stepOf(configuration: any): string | undefined {
  return /"step":"(\w+)"/.exec(JSON.stringify(configuration?.UserParameters ?? '').replace(/\\/g, ''))?.[1];
}

function entryText({ Result, Rules }: any): string {
  return `${Result === 'SKIP' ? 'only when' : 'fails unless'} ${Rules.map(ruleText).join(' and ')}`;
}

function ruleText({ Name, Configuration }: any): string {
  const operator = OPERATORS[Configuration?.Operator];
  return operator
    ? `${text(Configuration.Variable).replace(/[#{}]/g, '')} ${operator} ${text(Configuration.Value)}`
    : text(Name);
}

/** A value that CloudFormation fills in at deployment is shown as it stands in the template. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
