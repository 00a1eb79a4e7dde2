import { Namespaces, resolveVariables } from './variables';
import type { Account } from '../account/account';
import { RuleDeclaration, StageDeclaration } from '../stack/pipeline-definition';

/** The decision about the entry of a stage. */
export type Entry = { readonly decision: 'enter' } | { readonly decision: 'skip' | 'fail'; readonly reason: string };

const OPERATORS: Record<string, (value: string, expected: string) => boolean> = {
  EQ: (value, expected) => value === expected,
  NE: (value, expected) => value !== expected,
  CONTAINS: (value, expected) => value.includes(expected),
  MATCHES: (value, expected) => new RegExp(`^(?:${expected})$`).test(value),
};

/** Checks the `beforeEntry` conditions of a stage. A failed rule triggers the result of its condition. */
export function checkEntry(account: Account, stage: StageDeclaration, namespaces: Namespaces): Entry {
  for (const condition of stage.BeforeEntry?.Conditions ?? []) {
    const reason = condition.Rules.map((rule) => failureOf(account, rule, namespaces)).find(Boolean);
    if (!reason) {
      continue;
    }
    if (condition.Result !== 'SKIP' && condition.Result !== 'FAIL') {
      throw account.refuse(`the result ${condition.Result} before the entry of a stage`);
    }
    return { decision: condition.Result === 'SKIP' ? 'skip' : 'fail', reason };
  }
  return { decision: 'enter' };
}

/** Returns why a rule fails, or undefined. */
function failureOf(account: Account, rule: RuleDeclaration, namespaces: Namespaces): string | undefined {
  const provider = rule.RuleTypeId.Provider;
  if (provider !== 'VariableCheck') {
    throw account.refuse(`the rule provider ${provider} (rule ${rule.Name})`);
  }
  const { Variable, Value, Operator } = rule.Configuration;
  const compare = OPERATORS[Operator];
  if (!compare) {
    throw account.refuse(`the operator ${Operator} of VariableCheck (rule ${rule.Name})`);
  }
  const value = resolveVariables(Variable, namespaces);
  return compare(value, resolveVariables(Value, namespaces))
    ? undefined
    : `${rule.Name}: ${Variable} is "${value}", not ${Operator} "${Value}"`;
}
