import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { type JsonOperation, jsonService } from '../../gateway/json-service.ts';
import type { Roles } from '../../gateway/roles.ts';
import type { EventSink, Service } from '../../gateway/service.ts';
import type { Breakpoint } from '../../states/breakpoint.ts';
import type { HistoryEvent } from '../../states/history.ts';
import { TaskTokens } from '../../states/task-tokens.ts';
import { integrations } from '../../states/tasks/integrations.ts';
import { Sdk } from '../../states/tasks/sdk.client.ts';
import { createStateMachine } from './create-state-machine.ts';
import { deleteMachine, deleteStateMachine } from './delete-state-machine.ts';
import { describeExecution } from './describe-execution.ts';
import { describeStateMachine } from './describe-state-machine.ts';
import type { ExecutionRecord } from './execution-record.schema.ts';
import { Executions } from './executions.ts';
import { getExecutionHistory } from './get-execution-history.ts';
import { listExecutions } from './list-executions.ts';
import { listStateMachines } from './list-state-machines.ts';
import type { StatesData, StatesOperation } from './operation.ts';
import { statesPermissions } from './permissions.ts';
import { sendTaskFailure } from './send-task-failure.ts';
import { sendTaskHeartbeat } from './send-task-heartbeat.ts';
import { sendTaskSuccess } from './send-task-success.ts';
import { startExecution } from './start-execution.ts';
import { StateMachines } from './state-machines.ts';
import { stopExecution } from './stop-execution.ts';
import { updateStateMachine } from './update-state-machine.ts';
import { validateStateMachineDefinition } from './validate-state-machine-definition.ts';

export interface StatesOptions {
  /** Where executions are kept. */
  readonly directory: string;
  /** The gateway's endpoint, once it listens: tasks call other services over the wire. */
  readonly endpoint: () => string;
  readonly roles: Roles;
  readonly clock: Clock;
  /** Gets `Step Functions Execution Status Change`. */
  readonly events: EventSink;
  /** Invocations of functions that the region runs at the same time; tasks wait for their turn. Any number unless told. */
  readonly invocationsAtOnce?: number;
  /** Holds executions, or makes states fail. */
  readonly breakpoint?: Breakpoint | undefined;
  readonly region: string;
  readonly accountId: string;
  /** Told of every history event when it is recorded: live progress. */
  readonly onEvent?: (execution: ExecutionRecord, event: HistoryEvent) => void;
  /** Told of faults of the local region itself. */
  readonly onFault?: (fault: unknown, what: string) => void;
}

export interface StateMachineProperties {
  readonly name: string;
  /** The States language as JSON text, substitutions made. */
  readonly definition: string;
  readonly roleArn: string;
  /** Whether its executions are logged to CloudWatch, which its role must be allowed to. */
  readonly isLogged?: boolean;
}

/** Step Functions in the local region: the protocol, and what the loader and event targets use. */
export interface StatesService extends Service {
  /** Creates a machine, or replaces the one of that name. Returns its ARN. Throws `AwsError` `InvalidDefinition`. */
  createStateMachine(properties: StateMachineProperties): string;
  /** Deletes a machine, aborts its executions, and resolves when they are over. */
  deleteStateMachine(arn: string): Promise<void>;
  /** What a machine runs, and as whom; `undefined`: there is none of that ARN. */
  machineSettings(arn: string): { readonly definition: string; readonly roleArn: string } | undefined;
  /** Starts an execution with JSON text as its input. Throws `AwsError` as the operation does. */
  startExecution(stateMachineArn: string, input: string, name?: string): ExecutionRecord;
  /** Resolves when the execution is over; with status `RUNNING` when the region closes before. */
  executionOver(executionArn: string): Promise<ExecutionRecord>;
  /** Goes on with what an earlier run left running. Call it when functions and other services can be reached. */
  resume(): void;
  /**
   * Leaves running executions where they are. Close this service before the others, so that no task is recorded as
   * failed because what it waits for is being shut down.
   */
  close(): Promise<void>;
}

const operations: Readonly<Record<string, StatesOperation>> = {
  CreateStateMachine: createStateMachine,
  DeleteStateMachine: deleteStateMachine,
  DescribeExecution: describeExecution,
  DescribeStateMachine: describeStateMachine,
  GetExecutionHistory: getExecutionHistory,
  ListExecutions: listExecutions,
  ListStateMachines: listStateMachines,
  SendTaskFailure: sendTaskFailure,
  SendTaskHeartbeat: sendTaskHeartbeat,
  SendTaskSuccess: sendTaskSuccess,
  StartExecution: startExecution,
  StopExecution: stopExecution,
  UpdateStateMachine: updateStateMachine,
  ValidateStateMachineDefinition: validateStateMachineDefinition,
};

/** AWS Step Functions, standard workflows in JSONata. Signing name `states`. */
export function statesService(options: StatesOptions): StatesService {
  const { clock, onEvent = () => undefined, onFault = () => undefined } = options;
  const sdk = new Sdk(options);
  const tokens = new TaskTokens();
  const machines = StateMachines.open({
    ...options,
    file: join(options.directory, 'machines.json'),
    now: () => clock.now(),
  });
  const executions = new Executions({
    ...options,
    directory: join(options.directory, 'states'),
    tokens,
    integrationFor: integrations(sdk, options.invocationsAtOnce),
    random: Math.random,
    onEvent,
    onFault,
  });
  const close = async () => {
    await executions.close();
    await sdk.close();
  };
  return {
    ...jsonService({
      signingName: 'states',
      version: '1.0',
      permissions: statesPermissions,
      operations: bound({ machines, executions, tokens, clock }),
      close,
    }),
    createStateMachine: ({ name, definition, roleArn, isLogged }) =>
      machines.put(name, definition, roleArn, isLogged).arn,
    deleteStateMachine: (arn) => deleteMachine(arn, { machines, executions }),
    machineSettings(arn) {
      const machine = machines.find(arn);
      return machine && { definition: machine.definitionText, roleArn: machine.roleArn };
    },
    startExecution: (arn, input, name) => executions.start(machines.get(arn), input, name),
    executionOver: (arn) => executions.over(arn),
    resume: () => executions.resume(),
    close,
  };
}

const bound = (data: StatesData): Record<string, JsonOperation> =>
  Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [name, (input) => operation(input, data)]),
  );
