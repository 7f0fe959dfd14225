import { setTimeout as delay } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { LocalRegion } from '@tidemark/region';
import { vi } from 'vitest';
import { type RegionClients, regionClients } from '../../laptop/start/region-clients.ts';
import { Captures } from '../../laptop/start/replay/captures.client.ts';

/** For each thing that is waited for, on a machine that may be busy with other things. */
const patience = { timeout: 600_000, interval: 1_000 };

const recordOf = (row: number) => ({
  age: 18 + ((row * 37) % 60),
  plan: ['basic', 'plus', 'pro'][(row * 7) % 3],
  balance: ((row * 7919) % 10_007) / 8,
});
/** Every ninth does otherwise than its age says, so that there is something to be unsure of. */
const labelOf = (row: number) => (recordOf(row).age > 45 === (row % 9 !== 0) ? 'yes' : 'no');

const rowsPerDrop = 300;
/** Enough for a window that can be judged and for a retraining. */
const predictions = 60;
/** Predictions of a batch are of rows of their own: rows that a dataset has already would not make another one. */
const batches = { early: 100_000, late: 200_000, last: 300_000, other: 400_000 } as const;
type Batch = keyof typeof batches;

export interface Settings {
  readonly lifecycle?: 'active' | 'retired';
  readonly rounds?: number;
  readonly deployment?: 'instance';
}

function definitionOf(model: string, { lifecycle = 'active', rounds = 4, deployment }: Settings): string {
  return `
name: ${model}
problem: binary
target: cancelled
lifecycle: ${lifecycle}
ingestion: { minimumRows: 50 }
training: { hyperparameters: { num_round: ${rounds} } }
gates: { champion: { margin: 0.5 } }
monitoring: { minimumRows: 50 }
${deployment === 'instance' ? 'deployment: { kind: instance, waitSeconds: 0 }' : ''}
`;
}

/** Does with one model what users do, and waits for what must come of it. */
export class ModelUser {
  readonly model: string;
  readonly #settings: Settings;
  /** Keys of the data files that were put. */
  readonly dropped: string[] = [];
  #captured = 0;
  #region: LocalRegion;
  clients: RegionClients;
  #s3: S3Client;
  #sfn: SFNClient;

  constructor(region: LocalRegion, model: string, settings: Settings = {}) {
    this.model = model;
    this.#settings = settings;
    this.#region = region;
    this.clients = regionClients(region);
    this.#s3 = new S3Client({ ...region.sdkConfig, forcePathStyle: true });
    this.#sfn = new SFNClient(region.sdkConfig);
  }

  /** The region was started again. */
  moveTo(region: LocalRegion): void {
    this.#region = region;
    this.clients = regionClients(region);
    this.#s3 = new S3Client({ ...region.sdkConfig, forcePathStyle: true });
    this.#sfn = new SFNClient(region.sdkConfig);
  }

  async #put(Key: string, Body: string): Promise<void> {
    await this.#s3.send(new PutObjectCommand({ Bucket: this.clients.dataBucket, Key, Body }));
  }

  async #drop(key: string, body: string): Promise<void> {
    this.dropped.push(key);
    await this.#put(key, body);
  }

  async define(more: Settings = {}): Promise<void> {
    await this.#put(
      `definitions/${this.model}.yaml`,
      definitionOf(this.model, { ...this.#settings, ...more }),
    );
  }

  /** @param number of the drop: each has rows of its own */
  async drop(number: number): Promise<void> {
    const lines = Array.from({ length: rowsPerDrop }, (_, index) => {
      const row = number * rowsPerDrop + index;
      const { age, plan, balance } = recordOf(row);
      return `${age},${plan},${balance},${labelOf(row)}`;
    });
    await this.#drop(
      `incoming/${this.model}/${number}.csv`,
      `age,plan,balance,cancelled\n${lines.join('\n')}\n`,
    );
  }

  async dropBadFile(): Promise<void> {
    await this.#drop(`incoming/${this.model}/bad.csv`, 'age,plan\n1\n');
  }

  /** Asks about a batch of records. @returns the version that answered */
  async predict(batch: Batch, howMany = predictions): Promise<number> {
    const records = Array.from({ length: howMany }, (_, row) => recordOf(batches[batch] + row));
    const inferenceIds = records.map((_, row) => `${batch}-${row}`);
    const { Payload } = await new LambdaClient(this.#region.sdkConfig).send(
      new InvokeCommand({
        FunctionName: 'tidemark-dev-predict',
        Payload: JSON.stringify({ model: this.model, records, inferenceIds }),
      }),
    );
    const answer = JSON.parse(Payload?.transformToString() ?? 'null');
    if (typeof answer?.version !== 'number') throw new Error(`${this.model}: ${JSON.stringify(answer)}`);
    return answer.version;
  }

  async label(batch: Batch): Promise<void> {
    const lines = Array.from(
      { length: predictions },
      (_, row) => `${batch}-${row},${labelOf(batches[batch] + row)}`,
    );
    await this.#put(`labels/${this.model}/${batch}.csv`, `inference_id,label\n${lines.join('\n')}\n`);
  }

  /** @param machine such as `Monitor` */
  async start(machine: string, input: object = { model: this.model }): Promise<string> {
    const { executionArn = '' } = await this.#sfn.send(
      new StartExecutionCommand({
        stateMachineArn: this.#region.outputs[`${machine}StateMachineArn`],
        input: JSON.stringify(input),
      }),
    );
    return executionArn;
  }

  async stop(executionArn: string): Promise<void> {
    await this.#sfn.send(new StopExecutionCommand({ executionArn, cause: 'The user stops it.' }));
  }

  record() {
    return this.clients.registry.model(this.model);
  }

  /** Waits until something is so, and says of which model it is not. */
  async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    await vi.waitFor(async () => {
      if (!(await isSo())) throw new Error(`${this.model} ${what}: not in time.`);
    }, patience);
  }

  async untilOnboarded(): Promise<void> {
    await this.until('is onboarded', async () => {
      const record = await this.record();
      return record !== undefined && record.monitored?.definitionHash === record.definitionHash;
    });
  }

  async untilTold(type: string, howMany = 1): Promise<void> {
    await this.until(`has told ${howMany} ${type}`, async () => (await this.told(type)).length >= howMany);
  }

  async told(type: string) {
    return (await this.clients.registry.events(this.model)).filter((event) => event.type === type);
  }

  /** Waits until a version above this one is live and the model is free. */
  async untilLiveAbove(version: number): Promise<number> {
    await this.until(`has a live version above ${version}`, async () => {
      const record = await this.record();
      return (record?.liveVersion ?? 0) > version && record?.lease === null;
    });
    return (await this.record())?.liveVersion ?? 0;
  }

  /** Waits until the predictions of a batch are in the bucket, and a second more: a window has what came before the second in which it ends. */
  async untilCaptured(): Promise<void> {
    const bucket = this.clients.artifactsBucket;
    this.#captured += predictions;
    await this.until(
      `has ${this.#captured} captures`,
      async () => (await new Captures(this.clients.objects, bucket).count(this.model)) >= this.#captured,
    );
    await delay(1_000);
  }
}
