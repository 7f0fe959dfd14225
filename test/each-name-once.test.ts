import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const rooms = ['domain', 'functions', 'infra', 'laptop', 'packages'];
const sources = rooms
  .flatMap((room) => readdirSync(room, { recursive: true, encoding: 'utf8' }).map((path) => join(room, path)))
  .filter((path) => path.endsWith('.ts') && !/\/(node_modules|test)\//.test(path));

/** Every TypeScript file, tests and tools as well. */
const files = [...rooms, 'bench', 'test', 'tools']
  .flatMap((room) => readdirSync(room, { recursive: true, encoding: 'utf8' }).map((path) => join(room, path)))
  .filter((path) => path.endsWith('.ts') && !path.includes('/node_modules/'))
  .sort();

const region = (path: string) => `packages/region/${path}`;

/** File names that occur more than once: each is one idea in several places, or a word that its room makes plain. */
const allowedTwice: Readonly<Record<string, readonly string[]>> = {
  // Where a package or a folder is entered, and where a program begins.
  'index.ts': [
    region('cloudformation/intrinsics/index.ts'),
    region('conformance/scenarios/index.ts'),
    region('index.ts'),
    'packages/xgboost/index.ts',
  ],
  'main.ts': [
    'bench/main.ts',
    'laptop/start/main.ts',
    region('conformance/main.ts'),
    region('containers/xgboost/main.ts'),
    'packages/statistics/research/main.ts',
    'tools/check/main.ts',
  ],
  'app.ts': ['infra/app.ts', region('examples/word-count/app.ts')],
  'run.ts': ['laptop/start/run.ts', region('examples/word-count/run.ts')],
  // Each capability has these under one name.
  'record-failure.lambda.ts': [
    'functions/monitor/record-failure.lambda.ts',
    'functions/retrain/record-failure.lambda.ts',
    'functions/train/record-failure.lambda.ts',
  ],
  'workflow.schema.ts': [
    'functions/ingest/workflow.schema.ts',
    'functions/labels/workflow.schema.ts',
    'functions/monitor/workflow.schema.ts',
    'functions/retrain/workflow.schema.ts',
  ],
  // Each service of the region has these under one name, or may have: its permissions, its operations, its lists, its answers recorded on AWS.
  'permissions.ts': [
    'bench/permissions.ts',
    region('gateway/permissions.ts'),
    region('services/cloudformation/permissions.ts'),
    region('services/cloudwatch/permissions.ts'),
    region('services/dynamodb/permissions.ts'),
    region('services/ecr/permissions.ts'),
    region('services/events/permissions.ts'),
    region('services/firehose/permissions.ts'),
    region('services/s3/permissions.ts'),
    region('services/sagemaker/permissions.ts'),
    region('services/scheduler/permissions.ts'),
    region('services/sqs/permissions.ts'),
    region('services/states/permissions.ts'),
  ],
  'permissions.test.ts': [region('test/iam/permissions.test.ts'), 'test/infra/permissions.test.ts'],
  'operation.ts': [region('services/s3/operation.ts'), region('services/states/operation.ts')],
  'listing.ts': [region('services/s3/listing.ts'), region('services/sagemaker/listing.ts')],
  'recorded-answers.test.ts': [
    region('test/services/dynamodb/recorded-answers.test.ts'),
    region('test/services/s3/recorded-answers.test.ts'),
  ],
  'recorded-refusals.test.ts': [
    region('test/services/s3/recorded-refusals.test.ts'),
    region('test/services/sqs/recorded-refusals.test.ts'),
  ],
  // The errors of a room; no room but the one below may import another's.
  'errors.ts': [
    'domain/errors.ts',
    region('services/sagemaker/errors.ts'),
    'packages/statistics/errors.ts',
    'packages/xgboost/errors.ts',
  ],
  // Scenarios of the comparison are named after the service that they call.
  'events.ts': ['infra/foundation/events.ts', region('conformance/scenarios/events.ts')],
  'states.ts': [region('conformance/scenarios/states.ts'), region('states/states.ts')],
  'services.ts': [region('conformance/services.ts'), 'test/support/services.ts'],
  // Differences that are meant are named after the implementation that differs.
  'event-ruler.ts': [
    region('conformance/meant/event-ruler.ts'),
    region('conformance/patterns/event-ruler.ts'),
  ],
  // AWS's own words: the product asks for it, and the region does it; an intrinsic function is named as in a template.
  'data-capture.ts': ['functions/deploy/data-capture.ts', region('services/sagemaker/data-capture.ts')],
  'xgboost-image.ts': ['infra/foundation/xgboost-image.ts', region('containers/xgboost-image.ts')],
  'split.ts': ['domain/datasets/split.ts', region('cloudformation/intrinsics/split.ts')],
  'statistics.ts': ['bench/statistics.ts', region('services/cloudwatch/statistics.ts')],
  'statistics.test.ts': [
    region('test/services/cloudwatch/statistics.test.ts'),
    'test/bench/statistics.test.ts',
  ],
  // A test's way to start or call what has the same name.
  'region.ts': [region('region.ts'), region('test/region.ts'), 'test/support/region.ts'],
  'serve.ts': [region('containers/xgboost/serve.ts'), region('test/services/serve.ts')],
  'train.ts': [region('containers/xgboost/train.ts'), 'test/faults/ways/train.ts'],
  'machine.ts': ['bench/faults/machine.ts', 'test/support/machine.ts'],
  // One behaviour, held at two sizes or at two layers.
  'recreated-workflow.test.ts': [
    'test/long/recreated-workflow.test.ts',
    'test/region/recreated-workflow.test.ts',
  ],
  'unused-columns.test.ts': [
    'test/domain/windows/unused-columns.test.ts',
    'test/ingest/unused-columns.test.ts',
  ],
  'values-stay-out.test.ts': ['test/ingest/values-stay-out.test.ts', 'test/values-stay-out.test.ts'],
  'wide-files.test.ts': ['test/ingest/wide-files.test.ts', 'test/long/wide-files.test.ts'],
  // What a program prints at its end.
  'report.ts': [region('conformance/report.ts'), 'packages/statistics/research/report.ts'],
};

/** What a source declares and exports. What it only passes on belongs to the source that declares it. */
function exportedBy(text: string): string[] {
  const declared = [
    ...text.matchAll(
      /^export (?:default )?(?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm,
    ),
  ].map(([, name = '']) => name);
  const listed = [...text.matchAll(/^export (?:type )?\{([^}]*)\};/gm)]
    .flatMap(([, list = '']) => list.split(','))
    .map((item) => item.replace(/^\s*(type )?/, '').trim())
    .map((item) => item.split(' as ').at(-1) ?? '')
    .filter((name) => name !== '' && !isImported(text, name));
  // Overloads of one function are one name.
  return [...new Set([...declared, ...listed])];
}

function isImported(text: string, name: string): boolean {
  return new RegExp(`^import [^;]*\\b${name}\\b[^;]* from `, 'm').test(text);
}

/** The places of what has more than one. */
function twice(placed: readonly (readonly [name: string, path: string])[]): Record<string, string[]> {
  const places: Record<string, string[]> = {};
  for (const [name, path] of placed) places[name] = [...(places[name] ?? []), path];
  return Object.fromEntries(Object.entries(places).filter(([, paths]) => paths.length > 1));
}

describe('a name means one thing', () => {
  it('no two sources of the product and its packages declare and export the same name', () => {
    const exported = sources
      .flatMap((path) => exportedBy(readFileSync(path, 'utf8')).map((name) => [name, path] as const))
      // Lambda calls what it runs by this name: `entry` makes each of them, and nothing imports one.
      .filter(([name, path]) => name !== 'handler' || !path.endsWith('.lambda.ts'));

    expect(exported.length).toBeGreaterThan(2500);
    expect(twice(exported)).toEqual({});
  });

  it('no two files have the same name, but for those that are allowed to', () => {
    expect(files.length).toBeGreaterThan(1500);
    expect(twice(files.map((path) => [basename(path), path] as const))).toEqual(allowedTwice);
  });

  it('an export is seen in each of its forms', () => {
    const text = [
      "import { passedOn } from './a.ts';",
      'export const one = 1;',
      'export async function two() {}',
      'export abstract class Three {}',
      'export interface Four {}',
      'export type Five = 5;',
      'export function two(value: number): void;',
      'const six = 6;',
      'export { passedOn, six, one as seven, type Eight };',
      "export { nine } from './b.ts';",
      'const inner = 0;',
    ].join('\n');

    expect(exportedBy(text)).toEqual(['one', 'two', 'Three', 'Four', 'Five', 'six', 'seven', 'Eight']);
    expect(
      twice([
        ['a', 'x.ts'],
        ['b', 'x.ts'],
        ['a', 'y.ts'],
      ]),
    ).toEqual({ a: ['x.ts', 'y.ts'] });
  });
});
