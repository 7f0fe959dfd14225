import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { LocalRegion, type RegionEvent } from '@tidemark/region';
import { extract } from 'tar';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';

const run = promisify(execFile);
const packages = ['region', 'xgboost'];
/** Below the checkout: what the packages depend on is found in its `node_modules`, themselves in their own. */
const unpacked = resolve('build/packed', String(process.pid));

let directory: string;
let assembly: string;
let region: LocalRegion | undefined;
let told: RegionEvent[];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'word-count-'));
  assembly = join(directory, 'cdk.out');
  const env = { ...process.env, CDK_OUTDIR: assembly };
  await run(process.execPath, ['--import', 'tsx', 'packages/region/examples/word-count/app.ts'], { env });
});
afterEach(async () => {
  await region?.stop();
  region = undefined;
});
afterAll(() => {
  rmSync(directory, { recursive: true });
  rmSync(unpacked, { recursive: true, force: true });
});

/** Starts the region with the example and puts a text into its bucket. */
async function putText(assemblyDirectory: string, state: string) {
  told = [];
  region = await LocalRegion.start({
    assemblyDirectory,
    stateDirectory: join(directory, state),
    speed: 200,
    onEvent: (event) => told.push(event),
  });
  const s3 = new S3Client({ ...region.sdkConfig, forcePathStyle: true });
  const Bucket = region.outputs.BucketName;
  await s3.send(new PutObjectCommand({ Bucket, Key: 'texts/haiku', Body: 'An old silent pond' }));
  const count = async () => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'counts/haiku.json' }));
    return await Body?.transformToString();
  };
  return { region, count };
}

/** The end of the machine's only execution. */
async function endOfExecution({ sdkConfig, resources }: LocalRegion) {
  const client = new SFNClient(sdkConfig);
  const stateMachineArn = resources.find(({ type }) => type.endsWith('::StateMachine'))?.physicalId;
  return await vi.waitFor(
    async () => {
      const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
      expect(executions.map(({ status }) => status)).toEqual([expect.not.stringMatching('RUNNING')]);
      const [execution] = executions;
      return await client.send(new DescribeExecutionCommand({ executionArn: execution?.executionArn }));
    },
    { timeout: 60_000, interval: 100 },
  );
}

it('an app that is not this project’s runs in the region as its own templates allow it to', async () => {
  const { region, count } = await putText(assembly, 'allowed');

  expect(await endOfExecution(region)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await count()).toBe('{"words":4}');
  expect(told).toEqual([]);
});

it('the HTTP API of the example answers with what its function returns', async () => {
  const { region } = await putText(assembly, 'posted');
  const post = (path: string) =>
    fetch(`${region.outputs.ApiUrl}${path}`, { method: 'POST', body: 'An old silent pond' });
  const answer = await post('/counts');

  expect([answer.status, await answer.text()]).toEqual([200, '{"words":4}']);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect((await post('/others')).status).toBe(404);
  expect(told).toEqual([]);
});

it('the example fails where its state machine’s role may not write', async () => {
  const without = join(directory, 'without');
  cpSync(assembly, without, { recursive: true });
  const file = join(without, 'WordCount.template.json');
  const template = readFileSync(file, 'utf8');
  expect(template).toContain('"s3:PutObject"');
  writeFileSync(file, template.replace('"s3:PutObject"', '"s3:PutObjectAcl"'));

  const { region, count } = await putText(without, 'refused');

  expect(await endOfExecution(region)).toMatchObject({
    status: 'FAILED',
    cause: expect.stringContaining('is not authorized to perform: s3:PutObject'),
  });
  await expect(count()).rejects.toThrow();
  expect(told).toMatchObject([{ kind: 'access-denied', action: 's3:PutObject' }]);
});

it('the packed package runs the example from its own files', async () => {
  for (const name of packages) {
    const home = join(unpacked, 'node_modules/@tidemark', name);
    mkdirSync(home, { recursive: true });
    const pack = ['pack', '--json', '--workspace', `@tidemark/${name}`, '--pack-destination', unpacked];
    const [{ filename }] = JSON.parse((await run('npm', pack)).stdout) as [{ filename: string }];
    await extract({ file: join(unpacked, filename), cwd: home, strip: 1 });
  }
  const home = join(unpacked, 'node_modules/@tidemark/region');
  const script = join(unpacked, 'run.ts');
  cpSync(join(home, 'examples/word-count/run.ts'), script);
  const where = join(unpacked, 'where.ts');
  writeFileSync(where, "console.log(import.meta.resolve('@tidemark/region'));");
  const node = (...argv: string[]) => run(process.execPath, ['--import', 'tsx', ...argv]);

  const { stdout } = await node(script, assembly, join(directory, 'packed'));

  expect(stdout).toBe('{"words":4}\n{"words":2}\n');
  expect((await node(where)).stdout).toBe(`file://${home}/index.ts\n`);
});
