import { createHash } from 'node:crypto';
import { truth } from './intrinsics/logic.ts';
import { resolve } from './resolve.ts';
import type { Template, TemplateParameter } from './template.schema.ts';
import { ValueError } from './template-error.ts';
import { noValue, type TemplateScope } from './template-scope.ts';

/** What `Ref` and `Fn::GetAtt` give for a resource that exists. */
export interface ResourceValues {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Where a stack is deployed to. */
export interface StackPlace {
  readonly stackName: string;
  readonly region: string;
  readonly accountId: string;
  /** How often the stack has been created: 1 unless it was deleted. */
  readonly creation: number;
}

interface StackScopeOptions extends StackPlace {
  readonly template: Template;
  /** Values for parameters; those without one take their default. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What SSM's parameter store would answer. */
  readonly ssmParameter: (name: string) => string | undefined;
  /** Exports of the stacks that were deployed before. */
  readonly exports: ReadonlyMap<string, string>;
}

/** Values of one stack while it is deployed: parameters, conditions, and the resources created so far. */
export class StackScope implements TemplateScope {
  readonly #options: StackScopeOptions;
  readonly #resources = new Map<string, ResourceValues>();
  readonly #pseudo: ReadonlyMap<string, unknown>;
  readonly #conditionsUnderway = new Set<string>();
  readonly #imported = new Set<string>();

  constructor(options: StackScopeOptions) {
    this.#options = options;
    this.#pseudo = pseudoParameters(options);
  }

  /** Makes a resource's values known to those that refer to it. */
  add(logicalId: string, values: ResourceValues): void {
    this.#resources.set(logicalId, values);
  }

  ref(name: string): unknown {
    if (this.#pseudo.has(name)) return this.#pseudo.get(name);
    const parameter = this.#options.template.Parameters[name];
    return parameter ? this.#parameter(name, parameter) : this.#resource(name).ref;
  }

  getAtt(logicalId: string, attribute: string): unknown {
    const { attributes } = this.#resource(logicalId);
    if (!Object.hasOwn(attributes, attribute)) {
      const type = this.#options.template.Resources[logicalId]?.Type;
      throw new ValueError(`the local region has no attribute ${attribute} of a ${type} (${logicalId})`);
    }
    return attributes[attribute];
  }

  condition(name: string): boolean {
    const condition = this.#options.template.Conditions[name];
    if (condition === undefined) throw new ValueError(`there is no condition ${name}`);
    if (this.#conditionsUnderway.has(name)) throw new ValueError(`condition ${name} depends on itself`);
    this.#conditionsUnderway.add(name);
    try {
      return truth(condition, this, resolve);
    } finally {
      this.#conditionsUnderway.delete(name);
    }
  }

  mapping(name: string) {
    return this.#options.template.Mappings[name];
  }

  importValue(name: string): string {
    const value = this.#options.exports.get(name);
    if (value === undefined) throw new ValueError(`no stack exports ${name}`);
    this.#imported.add(name);
    return value;
  }

  /** Exports of other stacks that were asked for. */
  get imports(): readonly string[] {
    return [...this.#imported].sort();
  }

  #resource(logicalId: string): ResourceValues {
    const values = this.#resources.get(logicalId);
    if (values) return values;
    const declared = this.#options.template.Resources[logicalId];
    throw new ValueError(
      declared?.Condition
        ? `refers to ${logicalId}, which condition ${declared.Condition} leaves out`
        : `refers to ${logicalId}, which is neither a parameter nor a resource of this stack`,
    );
  }

  #parameter(name: string, { Type, Default }: TemplateParameter): unknown {
    const given = this.#options.parameters[name] ?? Default;
    if (given === undefined) throw new ValueError(`parameter ${name} has no default and no value`);
    switch (Type) {
      case 'String':
      case 'Number':
        return given;
      case 'CommaDelimitedList':
      case 'List<Number>':
        return given.split(',').map((item) => item.trim());
      case 'AWS::SSM::Parameter::Value<String>': {
        const stored = this.#options.ssmParameter(given);
        if (stored === undefined) throw new ValueError(`the local region has no SSM parameter ${given}`);
        return stored;
      }
    }
  }
}

/** The last part of a stack's id, which no other stack has had. */
function stackUuid(stackName: string, creation: number): string {
  const digest = createHash('sha256').update(`${stackName}/${creation}`).digest('hex');
  return digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
}

function pseudoParameters({ stackName, region, accountId, creation }: StackPlace): Map<string, unknown> {
  return new Map<string, unknown>([
    ['AWS::AccountId', accountId],
    ['AWS::NoValue', noValue],
    ['AWS::NotificationARNs', []],
    ['AWS::Partition', 'aws'],
    ['AWS::Region', region],
    [
      'AWS::StackId',
      `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/${stackUuid(stackName, creation)}`,
    ],
    ['AWS::StackName', stackName],
    ['AWS::URLSuffix', 'amazonaws.com'],
  ]);
}
