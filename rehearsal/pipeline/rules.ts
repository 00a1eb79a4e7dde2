import { Namespaces, resolveVariables } from './variables';
import { Account } from '../account/account';

/** What the conditions at a stage's door decide. */
export type Entry = { readonly decision: 'enter' } | { readonly decision: 'skip' | 'fail'; readonly reason: string };

const OPERATORS: Record<string, (value: string, expected: string) => boolean> = {
  EQ: (value, expected) => value === expected,
  NE: (value, expected) => value !== expected,
  CONTAINS: (value, expected) => value.includes(expected),
  MATCHES: (value, expected) => new RegExp(`^(?:${expected})$`).test(value),
};

/** Checks a stage's beforeEntry conditions: when a rule isn't met, the condition's result takes effect. */
export function checkEntry(account: Account, stage: any, namespaces: Namespaces): Entry {
  for (const condition of stage.BeforeEntry?.Conditions ?? []) {
    const broken = condition.Rules.map((rule: any) => brokenRule(account, rule, namespaces)).find(Boolean);
    if (!broken) {
      continue;
    }
    if (condition.Result !== 'SKIP' && condition.Result !== 'FAIL') {
      throw account.refuse(`the result ${condition.Result} before the entry of a stage`);
    }
    return { decision: condition.Result === 'SKIP' ? 'skip' : 'fail', reason: broken };
  }
  return { decision: 'enter' };
}

/** Why a rule isn't met; undefined when it is. */
function brokenRule(account: Account, rule: any, namespaces: Namespaces): string | undefined {
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
