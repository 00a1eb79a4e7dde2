import { StackTemplate } from './form';
import { Resolver } from './intrinsics';
import { allTemplates, withParameterValues } from './template';

/** Which pipelines to run. */
export interface Choice {
  /** The name of a pipeline. Default: all pipelines. */
  readonly pipeline?: string;
  /** The name or the id of a stack. Default: all stacks. */
  readonly stack?: string;
  /** The values of parameters, by `name` or `stack:name`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** The stacks of the chosen pipelines in one account and Region, in the order of their deployment. */
export interface Selection {
  readonly account: string;
  readonly region: string;
  readonly stacks: readonly StackTemplate[];
  /** The names of the stacks in other places that a pipeline's stack depends on. */
  readonly elsewhere: readonly string[];
}

/** Returns the stacks that the chosen pipelines need, by account and Region. All others do not matter to a release. */
export function selectStacks(assembly: readonly StackTemplate[], choice: Choice): Selection[] {
  const all = withValues(assembly, choice.parameters ?? {});
  const withPipeline = all.filter((stack) => pipelineNames(stack).length > 0);
  const ofStack = withPipeline.filter(({ id, stackName }) => !choice.stack || [id, stackName].includes(choice.stack));
  if (choice.stack && ofStack.length === 0) {
    const names = withPipeline.map(({ stackName }) => stackName).join(', ');
    throw new Error(`--stack must be a stack with a pipeline (${names || 'the app has none'}), got ${choice.stack}`);
  }
  const named = ofStack.filter((stack) => pipelineNames(stack).includes(choice.pipeline));
  return byPlace(named.length > 0 ? named : ofStack).map((stacks) => select(stacks, all));
}

function byPlace(stacks: readonly StackTemplate[]): StackTemplate[][] {
  const places = new Map<string, StackTemplate[]>();
  for (const stack of stacks) {
    const place = `${stack.account}/${stack.region}`;
    places.set(place, [...(places.get(place) ?? []), stack]);
  }
  return [...places.values()];
}

function select(roots: readonly StackTemplate[], all: readonly StackTemplate[]): Selection {
  const [{ account, region }] = roots;
  const isHere = (stack: StackTemplate) => stack.account === account && stack.region === region;
  const needed: StackTemplate[] = [];
  const elsewhere = new Set<string>();
  const visit = (stack: StackTemplate) => {
    if (needed.includes(stack) || elsewhere.has(stack.stackName)) {
      return;
    }
    if (!isHere(stack)) {
      elsewhere.add(stack.stackName);
      return;
    }
    const position = needed.length;
    needed.push(stack);
    const others = needsOf(stack, all);
    others.forEach(visit);
    needed.splice(position, 1);
    needed.push(stack); // after the stacks that it needs
  };
  roots.forEach(visit);
  return { account, region, stacks: needed, elsewhere: [...elsewhere].sort() };
}

/** Returns the stacks that a stack depends on, imports from, or refers to by the name of a resource. */
function needsOf(stack: StackTemplate, all: readonly StackTemplate[]): StackTemplate[] {
  const text = JSON.stringify(allTemplates(stack));
  const uses = (name: string) => text.includes(`"${name}"`) || text.includes(`:${name}"`) || text.includes(`/${name}"`);
  return all.filter(
    (other) =>
      other !== stack &&
      (stack.dependencies?.includes(other.id ?? '') ||
        exportsOf(other).some(uses) ||
        (sameplace(stack, other) && namesOf(other).some(uses))),
  );
}

function sameplace(one: StackTemplate, other: StackTemplate): boolean {
  return one.account === other.account && one.region === other.region;
}

function exportsOf({ template }: StackTemplate): string[] {
  return Object.values(template.Outputs ?? {}).flatMap(({ Export }) =>
    typeof Export?.Name === 'string' ? [Export.Name] : [],
  );
}

/** Returns the names that a template gives to its resources. */
function namesOf(stack: StackTemplate): string[] {
  const resources = allTemplates(stack).flatMap(({ Resources }) => Object.values(Resources ?? {}));
  return resources.flatMap(({ Type, Properties = {} }) =>
    Object.entries(Properties).flatMap(([key, value]) =>
      typeof value === 'string' && value.length > 3 && isNameOf(Type, key) ? [value] : [],
    ),
  );
}

/** Whether a property is the name of the resource itself: `FunctionName` of a function, not of its alias. */
function isNameOf(type: string, property: string): boolean {
  return (property === 'Name' && type !== 'AWS::Lambda::Alias') || `${type.split('::')[2]}Name` === property;
}

/** Returns the names of the pipelines in a stack, and undefined for a name that only the deployment knows. */
function pipelineNames(stack: StackTemplate): (string | undefined)[] {
  return allTemplates(stack).flatMap((template) =>
    Object.values(template.Resources ?? {})
      .filter(({ Type }) => Type === 'AWS::CodePipeline::Pipeline')
      .map(({ Properties }) => resolvedName({ ...stack, template }, Properties?.Name)),
  );
}

function resolvedName(stack: StackTemplate, name: unknown): string | undefined {
  try {
    const resolver = new Resolver(stack, (logicalId) => {
      throw new Error(`the name of the pipeline depends on ${logicalId}`);
    });
    return resolver.resolve(name) as string | undefined;
  } catch {
    return undefined;
  }
}

function withValues(stacks: readonly StackTemplate[], values: Readonly<Record<string, string>>): StackTemplate[] {
  const declared = new Set(
    stacks.flatMap(({ stackName, template }) =>
      Object.keys(template.Parameters ?? {}).flatMap((name) => [name, `${stackName}:${name}`]),
    ),
  );
  const unknown = Object.keys(values).find((name) => !declared.has(name));
  if (unknown !== undefined) {
    throw new Error(
      `--parameter must name a parameter of a stack, as <name>=<value> or <stack>:<name>=<value>, got ${unknown}`,
    );
  }
  return stacks.map((stack) =>
    withParameterValues(
      stack,
      Object.fromEntries(
        Object.entries(values)
          .map(([name, value]) => [name.replace(`${stack.stackName}:`, ''), value])
          .filter(([name]) => !name.includes(':')),
      ),
    ),
  );
}
