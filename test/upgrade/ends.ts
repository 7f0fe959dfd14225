import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeExecutionCommand,
  type ExecutionStatus,
  paginateListExecutions,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { manifestSchema } from '@tidemark/domain/datasets/manifest.schema.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { Monitors } from '@tidemark/domain/registry/monitors.client.ts';
import { datasetRecordSchema } from '@tidemark/domain/registry/records.schema.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type { LocalRegion } from '@tidemark/region';
import { machinesOf } from '../../laptop/start/region-map.ts';
import { told } from '../faults/told.ts';
import { modelIn } from './halted-executions.ts';
import type { ModelUser } from './model-user.ts';

/** Nothing runs for so long: no event is on its way to a rule. */
const restMilliseconds = 3_000;

interface Execution {
  readonly arn: string;
  readonly machine: string;
}

async function executionsOf(
  { resources, sdkConfig }: LocalRegion,
  statusFilter: ExecutionStatus,
): Promise<Execution[]> {
  const client = new SFNClient(sdkConfig);
  const found: Execution[] = [];
  for (const { arn: stateMachineArn, capability: machine } of machinesOf(resources)) {
    for await (const page of paginateListExecutions({ client }, { stateMachineArn, statusFilter }))
      for (const { executionArn: arn = '' } of page.executions ?? []) found.push({ arn, machine });
  }
  return found;
}

/** Resolves when no execution runs, but those that are halted for good, and none has begun for a while. */
export async function atRest(region: LocalRegion, halted: readonly string[] = []): Promise<void> {
  for (let since = Date.now(); Date.now() - since < restMilliseconds; await delay(300)) {
    const running = await executionsOf(region, 'RUNNING');
    if (running.some(({ arn }) => !halted.includes(arn))) since = Date.now();
  }
}

/** `<model> <machine> <how it ended>` of every execution that did not succeed. */
export async function unsuccessful(region: LocalRegion): Promise<string[]> {
  const client = new SFNClient(region.sdkConfig);
  const statuses = ['FAILED', 'TIMED_OUT', 'ABORTED'] as const;
  const all = await Promise.all(
    statuses.map(async (status) =>
      Promise.all(
        (await executionsOf(region, status)).map(async ({ arn, machine }) => {
          const { input } = await client.send(new DescribeExecutionCommand({ executionArn: arn }));
          return `${modelIn(input ?? '') ?? 'all'} ${machine} ${status}`;
        }),
      ),
    ),
  );
  return all.flat().sort();
}

/** What of a model’s events tells of a failure. */
const failureTypes =
  /^(\S+\.(failed|rejected|rolled-back|abandoned|suppressed|refused)|endpoint\.removal-failed)( |$)/;

/** What users were told of failures of a model, each event once, with the error that it names. */
export async function failuresTold({ clients, model }: ModelUser): Promise<string[]> {
  return told(await clients.registry.events(model))
    .filter((each) => failureTypes.test(each))
    .map((each) => each.split(' ')[0] ?? '');
}

/** Everything that is wrong with a model at rest: sentences. */
export async function wrongsOf(region: LocalRegion, user: ModelUser): Promise<string[]> {
  const table = new RegistryTable(user.clients.registryTable, new DynamoDBClient(region.sdkConfig));
  return [
    ...(await wrongsOfState(table, user)),
    ...(await wrongsOfVersions(user)),
    ...(await lostFiles(table, user)),
  ];
}

async function wrongsOfState(table: RegistryTable, user: ModelUser): Promise<string[]> {
  const record = await user.record();
  const monitor = await new Monitors(table).find(user.model);
  return [
    ...(record?.lease ? [`its lease is held by ${record.lease.owner}`] : []),
    ...(record?.openRetraining ? [`its retraining ${record.openRetraining} is open`] : []),
    ...(monitor?.running ? [`its window is held by ${monitor.running.owner}`] : []),
  ];
}

async function wrongsOfVersions(user: ModelUser): Promise<string[]> {
  const versions = await user.clients.registry.versions(user.model);
  const liveVersion = (await user.record())?.liveVersion;
  const live = versions.filter(({ status }) => status === 'live').map(({ version }) => version);
  const made = versions.map(
    ({ dataset, definitionHash, codeVersion }) => `${dataset.datasetId} ${definitionHash} ${codeVersion}`,
  );
  const numbers = versions.map(({ version }) => version);
  return [
    ...(live.length === 1 && live[0] === liveVersion
      ? []
      : [`live are ${live}, by the pointer ${liveVersion}`]),
    ...(new Set(made).size === made.length ? [] : [`a version was made twice: ${made}`]),
    ...(numbers.every((number, index) => number === index + 1) ? [] : [`its versions are ${numbers}`]),
    ...versions
      .filter(({ status }) => !['live', 'retired', 'deploy-failed', 'approved'].includes(status))
      .map(({ version, status }) => `version ${version} is ${status}`),
  ];
}

/** Each file that was dropped is in a dataset or in quarantine. Rows of a file are in no dataset twice. */
async function lostFiles(table: RegistryTable, { clients, model, dropped }: ModelUser): Promise<string[]> {
  const places = new Map<string, string[]>(dropped.map((key) => [key, []]));
  const place = (key: string, where: string) => places.get(key)?.push(where);
  const parts = new Set<string>();
  for await (const { manifest } of table.query(keys.modelPk(model), 'DATASET#', datasetRecordSchema)) {
    const read = manifestSchema.parse(JSON.parse(await clients.objects.readText(manifest)));
    for (const { sources } of read.parts) {
      for (const { key } of sources) {
        if (!parts.has(key)) place(key, 'dataset');
        parts.add(key);
      }
      const own = sources.map(({ key }) => key);
      if (new Set(own).size !== own.length) place(own[0] ?? '', 'dataset again');
    }
  }
  for await (const { key } of clients.objects.list(clients.dataBucket, `quarantine/${model}/`)) {
    const path = /^quarantine\/[^/]+\/[^/]+\/files\/(.+)$/.exec(key)?.[1];
    if (path !== undefined) place(`incoming/${model}/${path}`, 'quarantine');
  }
  return [...places]
    .filter(([, where]) => where.length !== 1)
    .map(([key, where]) => `${key} is in ${where.length === 0 ? 'no place' : where.join(' and ')}`);
}
