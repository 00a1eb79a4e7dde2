/** The output variables of the actions that ran, by namespace. */
export type Namespaces = Record<string, Record<string, string>>;

/** A variable that nothing has set. */
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
        : `no action with the namespace ${namespace} has run (the actions of a skipped stage set none)`;
    throw new UnresolvedVariableError(`the variable ${written} has no value: ${hint}`);
  });
}

/** The pipeline's own variables: the values given for a run, and their defaults. */
export function pipelineVariables(
  declared: readonly any[] = [],
  given: Record<string, string>,
): Record<string, string> {
  const names = declared.map(({ Name }) => Name);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown) {
    throw new Error(`the pipeline has no variable ${unknown}: it has ${names.join(', ') || 'none'}`);
  }
  const missing = declared.find(({ Name, DefaultValue }) => given[Name] === undefined && DefaultValue === undefined);
  if (missing) {
    throw new Error(
      `the pipeline's variable ${missing.Name} has no default: give it with --variable ${missing.Name}=value`,
    );
  }
  return Object.fromEntries(declared.map(({ Name, DefaultValue }) => [Name, given[Name] ?? DefaultValue]));
}
