import { Account } from '../../account/account';
import { Caller } from '../../account/iam/iam';
import { StoredVariable } from '../../build/buildspec';

/** The value of a variable of a build. A secret or a parameter is read as the build's role; its value is given to the rehearsal, or in a template. */
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
    throw account.refuse(
      `the value of ${key}, which the variable ${name} of a build takes. Give one: --secret ${key}=<value>`,
    );
  }
  return found;
}

function parameter(account: Account, role: Caller, name: string): [key: string, value?: string] {
  account.calls.check(role, 'ssm:GetParameters', account.ssm.arn(name));
  return [name, account.secrets[name] ?? account.ssm.find(name)?.value];
}

/** A secret is named by `id:field:stage:version`, where the id may be an ARN, which ends with six characters that nobody chooses. */
function secret(account: Account, role: Caller, { name, type, value }: StoredVariable): [key: string, value?: string] {
  if (type !== 'SECRETS_MANAGER') {
    throw account.refuse(`the environment variable ${name} of the type ${type}`);
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
  return [
    `${whole}:${field}`,
    account.secrets[`${whole}:${field}`] ?? JSON.parse(account.secrets[whole] ?? '{}')[field],
  ];
}
