import { VariableDeclaration } from '../stack/pipeline-definition';

/** The output variables of the completed actions, by namespace. */
export type Namespaces = Record<string, Record<string, string>>;

/** A variable without a value. */
export class UnresolvedVariableError extends Error {}

/** Replaces `#{namespace.key}` in a text. */
export function resolveVariables(text: string, namespaces: Namespaces): string {
  return text.replace(/#\{([^}.]+)\.([^}]+)\}/g, (written, namespace: string, key: string) => {
    const value = namespaces[namespace]?.[key];
    if (value !== undefined) {
      return value;
    }
    const known = Object.keys(namespaces[namespace] ?? {});
    const hint =
      known.length > 0
        ? `${namespace} has ${known.join(', ')}`
        : `no action with the namespace ${namespace} has run (the actions of a skipped stage set no variables)`;
    throw new UnresolvedVariableError(`the variable ${written} has no value: ${hint}`);
  });
}

/** Returns the variables of a pipeline: the values for the run, and the default values. */
export function pipelineVariables(
  declared: readonly VariableDeclaration[] = [],
  given: Record<string, string>,
): Record<string, string> {
  const names = declared.map(({ Name }) => Name);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown) {
    throw new Error(`the pipeline has no variable ${unknown}; its variables: ${names.join(', ') || 'none'}`);
  }
  const missing = declared.find(({ Name, DefaultValue }) => given[Name] === undefined && DefaultValue === undefined);
  if (missing) {
    throw new Error(
      `the variable ${missing.Name} of the pipeline has no default value: add --variable ${missing.Name}=value`,
    );
  }
  return Object.fromEntries(declared.map(({ Name, DefaultValue }) => [Name, given[Name] ?? DefaultValue!]));
}
