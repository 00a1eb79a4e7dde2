import type { Account } from '../../account/account';
import { Caller } from '../../account/iam/iam';
import { StoredVariable } from '../../build/buildspec';

/** Returns the value of a build variable. The build's role reads the value, which is from --secret or a template. */
export function storedValue(
  account: Account,
  role: Caller,
  { name, type = 'PLAINTEXT', value }: StoredVariable,
): string {
  if (type === 'PLAINTEXT') {
    return String(value);
  }
  const [key, found] =
    type === 'PARAMETER_STORE' ? parameter(account, role, value) : secret(account, role, { name, type, value });
  if (found === undefined) {
    throw account.refuse(`the value of ${key} for the variable ${name} of a build: add --secret ${key}=<value>`);
  }
  return found;
}

function parameter(account: Account, role: Caller, name: string): [key: string, value?: string] {
  account.calls.check(role, 'ssm:GetParameters', account.ssm.arn(name));
  return [name, account.secrets[name] ?? account.ssm.find(name)?.value];
}

/** A reference is `id:field:stage:version`. The id may be an ARN, which ends with six random characters. */
function secret(account: Account, role: Caller, { name, type, value }: StoredVariable): [key: string, value?: string] {
  if (type !== 'SECRETS_MANAGER') {
    throw account.refuse(`the environment variable ${name} with the type ${type}`);
  }
  const [, id, field] = /^(arn(?::[^:]*){6}|[^:]*):?([^:]*)/.exec(value)!;
  account.calls.check(
    role,
    'secretsmanager:GetSecretValue',
    id.startsWith('arn:') ? id : account.arn('secretsmanager', `secret:${id}-000000`),
  );
  const whole = id.replace(/^arn:.*:(.*)-\w{6}$/, '$1');
  if (!field) {
    return [whole, account.secrets[whole]];
  }
  const key = `${whole}:${field}`;
  return [key, account.secrets[key] ?? JSON.parse(account.secrets[whole] ?? '{}')[field]];
}
