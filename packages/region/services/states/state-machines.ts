import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import type { Roles } from '../../gateway/roles.ts';
import { type MachineDefinition, machineDefinitionSchema } from '../../states/machine-definition.schema.ts';
import { obstacles, validateStateMachine } from '../../states/validate.ts';
import { CorruptStateError } from '../../store/corrupt-state-error.ts';
import { readStateFile, writeStateFile } from '../../store/state-file.ts';
import { assertMachineRole } from './machine-role.ts';

export interface StateMachine {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** As given: `DescribeStateMachine` answers it unchanged. */
  readonly definitionText: string;
  readonly definition: MachineDefinition;
  /** Milliseconds since the epoch. */
  readonly creationDate: number;
}

const machinesSchema = z.array(
  z.object({
    name: z.string(),
    arn: z.string(),
    roleArn: z.string(),
    definitionText: z.string(),
    creationDate: z.number(),
  }),
);

interface StateMachinesOptions {
  /** Where they are kept. */
  readonly file: string;
  readonly region: string;
  readonly accountId: string;
  readonly roles: Roles;
  readonly now: () => number;
}

/** The state machines that exist, in memory and on disk for the next start. */
export class StateMachines {
  readonly #options: StateMachinesOptions;
  readonly #machines = new Map<string, StateMachine>();

  private constructor(options: StateMachinesOptions) {
    this.#options = options;
  }

  /** @throws CorruptStateError */
  static open(options: StateMachinesOptions): StateMachines {
    const machines = new StateMachines(options);
    for (const kept of readStateFile(options.file, machinesSchema) ?? []) {
      machines.#machines.set(kept.arn, { ...kept, definition: keptDefinition(kept.definitionText, options) });
    }
    return machines;
  }

  /**
   * @param isLogged whether its executions are logged to CloudWatch
   * @throws AwsError `InvalidDefinition`, `InvalidName`, `InvalidArn`, `AccessDeniedException` for a role that cannot do its part
   */
  put(name: string, definitionText: string, roleArn: string, isLogged = false): StateMachine {
    assertName(name);
    if (!/^arn:[^:]+:iam::\d{12}:role\/.+$/.test(roleArn))
      throw new AwsError('InvalidArn', `Invalid Role Arn: '${roleArn}'`);
    const machine = {
      name,
      arn: this.arn(name),
      roleArn,
      definitionText,
      definition: parseDefinition(definitionText),
      creationDate: this.#machines.get(this.arn(name))?.creationDate ?? this.#options.now(),
    };
    assertMachineRole(this.#options.roles, { ...machine, isLogged }, this.#options);
    this.#machines.set(machine.arn, machine);
    this.#save();
    return machine;
  }

  find(arn: string): StateMachine | undefined {
    return this.#machines.get(arn);
  }

  /** @throws AwsError `InvalidArn`, `StateMachineDoesNotExist` */
  get(arn: string): StateMachine {
    if (!arn.startsWith('arn:')) {
      throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
    }
    const machine = this.#machines.get(arn);
    if (machine) return machine;
    throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  }

  list(): StateMachine[] {
    return [...this.#machines.values()].sort((one, other) => one.name.localeCompare(other.name));
  }

  delete(arn: string): void {
    if (this.#machines.delete(arn)) this.#save();
  }

  #save(): void {
    const kept = [...this.#machines.values()].map(({ definition: _, ...machine }) => machine);
    writeStateFile(this.#options.file, JSON.stringify(kept));
  }

  arn(name: string): string {
    return `arn:aws:states:${this.#options.region}:${this.#options.accountId}:stateMachine:${name}`;
  }
}

/** What names of machines and executions may not contain, by AWS: white space, brackets, wildcards, special characters. */
const forbiddenInNames = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

/** @throws AwsError `InvalidName` */
export function assertName(name: string): void {
  if (name.length >= 1 && name.length <= 80 && !forbiddenInNames.test(name)) return;
  throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
}

function keptDefinition(text: string, { file }: StateMachinesOptions): MachineDefinition {
  try {
    return parseDefinition(text);
  } catch (error) {
    throw new CorruptStateError(file, error);
  }
}

function parseDefinition(text: string): MachineDefinition {
  const value = parseJson(text);
  const [first, ...others] = obstacles(validateStateMachine(value));
  if (first === undefined) return machineDefinitionSchema.parse(value);
  const sentences = [first, ...others].map(({ location, message }) => `${message} at ${location}`);
  throw new AwsError(
    'InvalidDefinition',
    `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: ${sentences.join('; ')}'`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = `Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: ${String(error)}'`;
    throw new AwsError('InvalidDefinition', message);
  }
}
