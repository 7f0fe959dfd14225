import type { SFNClient } from '@aws-sdk/client-sfn';
import { AwsError } from '../../aws-error.ts';
import type { Roles } from '../../gateway/roles.ts';
import type { InvokeTarget } from './invocations.ts';

interface StartExecutionOptions {
  readonly roles: Roles;
  readonly region: string;
  /** The gateway's URL, once it listens. */
  readonly endpoint: () => string;
}

/** Starts executions over the wire, each as the role of its schedule. */
export class ExecutionStarter {
  readonly #options: StartExecutionOptions;
  readonly #clients = new Map<string, Promise<SFNClient>>();

  constructor(options: StartExecutionOptions) {
    this.#options = options;
  }

  readonly invoke: InvokeTarget = async ({ Arn: stateMachineArn, RoleArn }, input, scheduleArn) => {
    this.#options.roles.assume(RoleArn, 'scheduler.amazonaws.com', groupArnOf(scheduleArn));
    const { StartExecutionCommand } = await import('@aws-sdk/client-sfn');
    const client = await this.#client(RoleArn);
    try {
      await client.send(new StartExecutionCommand({ stateMachineArn, input }));
    } catch (error) {
      throw awsErrorOf(error);
    }
  };

  async close(): Promise<void> {
    for (const client of await Promise.all(this.#clients.values())) client.destroy();
  }

  #client(roleArn: string): Promise<SFNClient> {
    const { roles, region, endpoint } = this.#options;
    const existing = this.#clients.get(roleArn);
    if (existing) return existing;
    const made = import('@aws-sdk/client-sfn').then(
      ({ SFNClient: Client }) =>
        new Client({
          region,
          endpoint: endpoint(),
          credentials: roles.credentialsFor(roleArn),
          maxAttempts: 1,
        }),
    );
    this.#clients.set(roleArn, made);
    return made;
  }
}

/** Scheduler assumes a role for the schedule's group, not for the schedule. */
function groupArnOf(scheduleArn: string): string {
  return scheduleArn.replace(/:schedule\/([^/]+)\/.*$/, ':schedule-group/$1');
}

/** What the target answered; of a target that was not reached, a fault that passes. */
function awsErrorOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const metadata = '$metadata' in error ? Object(error.$metadata) : {};
  const status: unknown = metadata.httpStatusCode;
  return new AwsError(error.name, error.message, typeof status === 'number' ? status : 503);
}
