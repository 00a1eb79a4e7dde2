import { StackTemplate } from './form';

/** Returns the value of `Ref` (without an attribute) or `Fn::GetAtt` of a resource. */
export type Attributes = (logicalId: string, attribute?: string) => unknown;

/** Returns the value that a stack exports under a name, or `undefined`. */
export type Imports = (exportName: string) => unknown;

/** The arguments of `Fn::FindInMap`. */
type FindInMap = [map: string, first: string, second: string, options?: { readonly DefaultValue?: unknown }];

/** Returns the stored value that a template refers to. Without one, the reference itself. */
export type StoredValues = (name: string, reference: string) => string;

const NO_VALUE = Symbol('AWS::NoValue');
const NO_UUID = '00000000-0000-0000-0000-000000000000';

/** Replaces the intrinsic functions in the template of a stack with their values. */
export class Resolver {
  constructor(
    private readonly stack: StackTemplate,
    private readonly attributes: Attributes,
    private readonly imports: Imports = () => undefined,
    private readonly storedValues: StoredValues = (_, reference) => reference,
  ) {}

  /** Returns the value without intrinsic functions. Omits `AWS::NoValue`. */
  resolve(value: unknown): unknown {
    const resolved = this.visit(value, []);
    return resolved === NO_VALUE ? undefined : resolved;
  }

  /** Whether a condition of the template is true. */
  condition(name: string): boolean {
    const declared = this.stack.template.Conditions?.[name];
    if (declared === undefined) {
      throw this.error(['Conditions', name], `the condition ${name} is not declared`);
    }
    return this.truth(declared, ['Conditions', name]);
  }

  private visit(value: unknown, path: string[]): unknown {
    if (Array.isArray(value)) {
      return value.map((item, index) => this.visit(item, [...path, String(index)])).filter((item) => item !== NO_VALUE);
    }
    if (typeof value === 'string') {
      return this.dynamic(value);
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const keys = Object.keys(value);
    if (keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'))) {
      return this.call(keys[0], (value as Record<string, unknown>)[keys[0]], [...path, keys[0]]);
    }
    const entries = Object.entries(value).map(([key, item]) => [key, this.visit(item, [...path, key])] as const);
    return Object.fromEntries(entries.filter(([, item]) => item !== NO_VALUE));
  }

  /** Replaces dynamic references, such as `{{resolve:ssm:/name}}`, with the values of the user. */
  private dynamic(text: string): string {
    return text.replace(/\{\{resolve:[\w-]+:([^{}]+?)\}\}/g, (reference, name) => this.storedValues(name, reference));
  }

  private call(name: string, argument: unknown, path: string[]): unknown {
    switch (name) {
      case 'Ref':
        return this.ref(argument as string, path);
      case 'Fn::GetAtt':
        return this.getAtt(argument, path);
      case 'Fn::Sub':
        return this.sub(argument, path);
      case 'Fn::Join':
        return this.join(argument as [string, unknown], path);
      case 'Fn::Select':
        return this.select(argument as [unknown, unknown], path);
      case 'Fn::Split':
        return this.split(argument as [string, unknown], path);
      case 'Fn::If':
        return this.choose(argument as [string, unknown, unknown], path);
      case 'Fn::FindInMap':
        return this.findInMap(argument as unknown[], path);
      case 'Fn::Base64':
        return Buffer.from(String(this.visit(argument, path))).toString('base64');
      case 'Fn::GetAZs':
        return ['a', 'b', 'c'].map((zone) => `${this.visit(argument, path) || this.stack.region}${zone}`);
      case 'Fn::ImportValue':
        return this.importValue(String(this.visit(argument, path)), path);
      case 'Fn::Equals':
      case 'Fn::And':
      case 'Fn::Or':
      case 'Fn::Not':
        return this.truth({ [name]: argument }, path);
      default:
        throw this.error(path, `${name} is not rehearsed`);
    }
  }

  private ref(name: string, path: string[]): unknown {
    if (name.startsWith('AWS::')) {
      return this.pseudoParameter(name, path);
    }
    if (this.stack.template.Parameters?.[name]) {
      return this.parameter(name, path);
    }
    if (this.stack.template.Resources[name]) {
      return this.attributes(name);
    }
    throw this.error(path, `${name} is neither a parameter nor a resource of the stack`);
  }

  private pseudoParameter(name: string, path: string[]): unknown {
    const { account, region, stackName } = this.stack;
    const values: Record<string, unknown> = {
      'AWS::AccountId': account,
      'AWS::NotificationARNs': [],
      'AWS::NoValue': NO_VALUE,
      'AWS::Partition': partition(region),
      'AWS::Region': region,
      'AWS::StackId': `arn:${partition(region)}:cloudformation:${region}:${account}:stack/${stackName}/${NO_UUID}`,
      'AWS::StackName': stackName,
      'AWS::URLSuffix': partition(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
    };
    if (!(name in values)) {
      throw this.error(path, `${name} is not a pseudo parameter`);
    }
    return values[name];
  }

  private parameter(name: string, path: string[]): unknown {
    const { Type: type, Default: value } = this.stack.template.Parameters![name];
    if (type.startsWith('AWS::SSM::Parameter::')) {
      return this.storedParameter(String(value));
    }
    if (value === undefined) {
      throw this.error(
        path,
        `the parameter ${name} has no default value: pass --parameter ${this.stack.stackName}:${name}=<value>`,
      );
    }
    return type === 'CommaDelimitedList' || type.startsWith('List<')
      ? String(value)
          .split(',')
          .map((item) => item.trim())
      : value;
  }

  /** The version of the bootstrap stack is known; all others are values of the user. */
  private storedParameter(name: string): string {
    return /^\/cdk-bootstrap\/[^/]+\/version$/.test(name) ? '30' : this.storedValues(name, name);
  }

  private getAtt(argument: unknown, path: string[]): unknown {
    const [logicalId, ...attribute] = Array.isArray(argument) ? argument : String(argument).split('.');
    if (!this.stack.template.Resources[logicalId]) {
      throw this.error(path, `${logicalId} is not a resource of the stack`);
    }
    return this.attributes(logicalId, attribute.map((part) => this.visit(part, path)).join('.'));
  }

  private sub(argument: unknown, path: string[]): string {
    const [text, variables] = Array.isArray(argument)
      ? (argument as [string, Record<string, unknown>])
      : [argument as string, {}];
    return this.dynamic(text).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) {
        return `\${${name}}`;
      }
      if (name in variables) {
        return String(this.visit(variables[name], [...path, name]));
      }
      return String(name.includes('.') ? this.getAtt(name, path) : this.ref(name, path));
    });
  }

  private join([separator, list]: [string, unknown], path: string[]): string {
    return this.list(list, path).join(separator);
  }

  private select([index, list]: [unknown, unknown], path: string[]): unknown {
    const items = this.list(list, path);
    const position = Number(this.visit(index, path));
    if (!(position in items)) {
      throw this.error(path, `a list of ${items.length} has no item ${position}`);
    }
    return items[position];
  }

  private split([separator, text]: [string, unknown], path: string[]): string[] {
    return String(this.visit(text, path)).split(separator);
  }

  private list(value: unknown, path: string[]): unknown[] {
    const items = this.visit(value, path);
    if (!Array.isArray(items)) {
      throw this.error(path, `must be a list, got ${JSON.stringify(items)}`);
    }
    return items;
  }

  private choose([condition, whenTrue, whenFalse]: [string, unknown, unknown], path: string[]): unknown {
    return this.condition(condition) ? this.visit(whenTrue, [...path, '1']) : this.visit(whenFalse, [...path, '2']);
  }

  private findInMap(argument: unknown[], path: string[]): unknown {
    const [map, first, second, options] = argument.map((part) => this.visit(part, path)) as FindInMap;
    const value = this.stack.template.Mappings?.[map]?.[first]?.[second] ?? options?.DefaultValue;
    if (value === undefined) {
      throw this.error(path, `the mapping ${map} has no value for ${first}, ${second}`);
    }
    return value;
  }

  private importValue(name: string, path: string[]): unknown {
    const value = this.imports(name);
    if (value === undefined) {
      throw this.error(path, `no stack of this cloud assembly exports ${name}`);
    }
    return value;
  }

  private truth(value: unknown, path: string[]): boolean {
    const [name, argument] = Object.entries(value as Record<string, unknown>)[0] ?? [];
    if (name === 'Condition') {
      return this.condition(argument as string);
    }
    const parts = argument as unknown[];
    switch (name) {
      case 'Fn::And':
        return parts.every((part) => this.truth(part, path));
      case 'Fn::Or':
        return parts.some((part) => this.truth(part, path));
      case 'Fn::Not':
        return !this.truth(parts[0], path);
      case 'Fn::Equals':
        return String(this.visit(parts[0], path)) === String(this.visit(parts[1], path));
      default:
        throw this.error(path, `${name} is not rehearsed in a condition`);
    }
  }

  private error(path: string[], reason: string): Error {
    return new Error(`${this.stack.stackName}: ${reason} (at ${path.join('/')})`);
  }
}

function partition(region: string): string {
  if (region.startsWith('cn-')) {
    return 'aws-cn';
  }
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
