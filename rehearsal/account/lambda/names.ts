/** Returns the name in a name, a partial ARN or a full ARN, with or without a qualifier. */
export function functionName(nameOrArn: string): string {
  const parts = nameOrArn.split(':');
  const position = parts.indexOf('function');
  return position < 0 ? parts[0] : parts[position + 1];
}

/** Returns the qualifier of a call: its field `Qualifier`, or the end of the ARN. */
export function qualifierOf(input: { FunctionName: string; Qualifier?: string }): string | undefined {
  const parts = input.FunctionName.split(':');
  const position = parts.indexOf('function');
  return input.Qualifier ?? parts[position < 0 ? 1 : position + 2];
}
