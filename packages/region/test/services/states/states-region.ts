import { LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { AwsError } from '../../../aws-error.ts';
import { type Clock, wallClock } from '../../../clock.ts';
import { type JsonOperation, jsonService } from '../../../gateway/json-service.ts';
import { none } from '../../../gateway/permissions.ts';
import { type LambdaService, lambdaService } from '../../../services/lambda/lambda-service.ts';
import { type StatesService, statesService } from '../../../services/states/states-service.ts';
import { nodeModules, startRegion, writeCode } from '../../region.ts';

export const machineRole = 'arn:aws:iam::111122223333:role/machine';

interface Job {
  readonly request: Record<string, unknown>;
  readonly createdAt: number;
  looks: number;
  status: string;
}

/** SageMaker's training jobs as far as a `.sync` task sees them; anything else is refused by the protocol. */
export class FakeSageMaker {
  readonly jobs = new Map<string, Job>();
  readonly callers: (string | undefined)[] = [];
  /** Called when a job exists, before the answer that says so. */
  beforeAnswer: () => Promise<void> = async () => undefined;
  /** After how many looks a job is over, and how. */
  outcome: { readonly looks: number; readonly status: string } = { looks: 2, status: 'Completed' };

  readonly operations: Record<string, JsonOperation> = {
    CreateTrainingJob: async (request, { caller }) => {
      this.callers.push(caller.roleArn);
      const name = String(request.TrainingJobName);
      if (name === 'bad') throw new AwsError('ValidationException', 'bad is no name for a job');
      if (this.jobs.has(name))
        throw new AwsError('ResourceInUse', `Training job names must be unique: ${name}`);
      this.jobs.set(name, { request, createdAt: Date.now() / 1000, looks: 0, status: 'InProgress' });
      await this.beforeAnswer();
      return { TrainingJobArn: `arn:aws:sagemaker:eu-west-1:111122223333:training-job/${name}` };
    },
    DescribeTrainingJob: async ({ TrainingJobName }) => {
      const job = this.jobs.get(String(TrainingJobName));
      if (job === undefined) throw new AwsError('ValidationException', 'Requested resource not found.');
      job.looks += 1;
      if (job.looks > this.outcome.looks && job.status === 'InProgress') job.status = this.outcome.status;
      return {
        TrainingJobName,
        TrainingJobArn: `arn:aws:sagemaker:eu-west-1:111122223333:training-job/${TrainingJobName}`,
        TrainingJobStatus: job.status,
        CreationTime: job.createdAt,
        ModelArtifacts: { S3ModelArtifacts: `s3://artifacts/${TrainingJobName}/output/model.tar.gz` },
        ...(job.status === 'Failed' && { FailureReason: 'AlgorithmError: out of luck' }),
      };
    },
    StopTrainingJob: async ({ TrainingJobName }) => {
      const job = this.jobs.get(String(TrainingJobName));
      if (job) job.status = 'Stopped';
      return {};
    },
  };
}

/** Step Functions and Lambda behind one gateway, with the real clients, and fakes for what tasks call besides. */
export async function startStates({
  directory,
  clock = wallClock({ speed: 20 }),
  sagemaker = new FakeSageMaker(),
}: {
  directory?: string;
  clock?: Clock;
  sagemaker?: FakeSageMaker;
} = {}) {
  const statusEvents: { status: string }[] = [];
  const putEntries: Record<string, unknown>[] = [];
  const logLines: string[] = [];
  let states: StatesService | undefined;
  let lambda: LambdaService | undefined;
  const region = await startRegion((surroundings) => {
    states = statesService({
      ...surroundings,
      clock,
      invocationsAtOnce: 2,
      events: { emit: async ({ detail }) => void statusEvents.push(Object(detail)) },
      onFault: (fault) => {
        throw fault;
      },
    });
    lambda = lambdaService({
      ...surroundings,
      clock,
      layerModules: nodeModules,
      onLog: (_name, line) => logLines.push(line),
    });
    return [
      states,
      lambda,
      jsonService({
        signingName: 'sagemaker',
        version: '1.1',
        operations: sagemaker.operations,
        permissions: Object.fromEntries(Object.keys(sagemaker.operations).map((name) => [name, none])),
      }),
      jsonService({
        signingName: 'events',
        version: '1.1',
        permissions: { PutEvents: none },
        operations: {
          PutEvents: async ({ Entries }) => {
            const entries: Record<string, unknown>[] = Array.isArray(Entries) ? Entries : [];
            putEntries.push(...entries);
            const results = entries.map(({ Source }) =>
              Source === 'refused'
                ? { ErrorCode: 'InternalException', ErrorMessage: 'no' }
                : { EventId: 'id' },
            );
            const FailedEntryCount = results.filter((result) => 'ErrorCode' in result).length;
            return { FailedEntryCount, Entries: results };
          },
        },
      }),
    ];
  }, directory);
  if (states === undefined || lambda === undefined) throw new Error('no services were made');
  const service = states;
  const functions = lambda;
  const sfn = new SFNClient(region.client);
  const lambdaClient = new LambdaClient(region.client);
  return {
    ...region,
    service,
    sfn,
    sagemaker,
    statusEvents,
    putEntries,
    /** What functions have printed, and Lambda about them. */
    logLines,
    createFunction: (name: string, code: string) =>
      functions.createFunction({
        name,
        codeDirectory: writeCode({ 'index.mjs': code }),
        handler: 'index.handler',
        environment: {},
        timeoutSeconds: 10,
        memoryMegabytes: 128,
        roleArn: 'arn:aws:iam::111122223333:role/function',
      }),
    createMachine: (name: string, definition: object) =>
      service.createStateMachine({
        name,
        definition: JSON.stringify({ QueryLanguage: 'JSONata', ...definition }),
        roleArn: machineRole,
      }),
    /** Starts over the wire, waits for the end, and describes. */
    run: async (stateMachineArn: string, input: unknown = {}) => {
      const { executionArn } = await sfn.send(
        new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
      );
      await service.executionOver(executionArn ?? '');
      return sfn.send(new DescribeExecutionCommand({ executionArn }));
    },
    stop: async () => {
      sfn.destroy();
      lambdaClient.destroy();
      await region.stop();
    },
  };
}

export type StatesRegion = Awaited<ReturnType<typeof startStates>>;
