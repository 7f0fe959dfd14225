import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { namesReferredTo, sqlTexts } from './support/sql-names.ts';

/** The house rules of the design documents and `CONTRIBUTING.md`, held where a compiler and a linter cannot. */

/** Every room, and the rooms that it may import: data and dependencies flow one way. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  'packages/statistics': [],
  'packages/xgboost': [],
  'packages/region': ['packages/xgboost'],
  domain: ['packages/statistics'],
  functions: ['domain', 'packages/statistics'],
  infra: ['domain', 'functions'],
  laptop: ['packages/region', 'packages/statistics', 'domain', 'functions', 'infra'],
};
/** Where everything may be imported. */
const outside = ['test', 'tools', 'bench'];
const roomNames = Object.keys(rooms);
const roomOf = (path: string) => [...roomNames, ...outside].find((room) => path.startsWith(`${room}/`));

const capabilities = readdirSync('infra', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('-capability.ts'))
  .map((path) => basename(path, '-capability.ts'));

interface Import {
  readonly from: string;
  /** Of types only: gone when the code runs. */
  readonly typeOnly: boolean;
  /** By a package's name, which shows its face only, and not by a path. */
  readonly byName: boolean;
}
interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const packageSchema = z.object({ exports: z.record(z.string(), z.string()) });

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|(?:^|\n)import\s+'([^']+)'|\bimport\('([^']+)'\)/g;

function read(path: string): Source {
  const text = readFileSync(path, 'utf8');
  return { path, text, imports: importsOf(text, path) };
}

function importsOf(text: string, path: string): Import[] {
  return [...text.matchAll(importPattern)].map(([, type, named, bare, dynamic]) => {
    const given = named ?? bare ?? dynamic ?? '';
    return { from: resolved(given, path), typeOnly: type !== undefined, byName: !given.startsWith('.') };
  });
}

/** Path within the repository, or the name of a package that others have made. */
function resolved(given: string, path: string): string {
  if (given.startsWith('.')) return normalize(join(dirname(path), given));
  const [, name = '', entry = ''] = /^@tidemark\/([^/]+)\/?(.*)$/.exec(given) ?? [];
  if (name === 'domain') return `domain/${entry}`;
  if (entry.endsWith('.ts')) return `packages/${name}/${entry}`;
  return name === '' ? given : join('packages', name, faces(name)[entry === '' ? '.' : `./${entry}`] ?? '');
}

function faces(name: string): Readonly<Record<string, string>> {
  return packageSchema.parse(JSON.parse(readFileSync(join('packages', name, 'package.json'), 'utf8')))
    .exports;
}

function dependenciesOf(room: string): string[] {
  const schema = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });
  return Object.keys(schema.parse(JSON.parse(readFileSync(join(room, 'package.json'), 'utf8'))).dependencies);
}

const sources = [...new Set(['packages', ...roomNames, ...outside].map((room) => room.split('/')[0] ?? room))]
  .flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => join(root, path)))
  .filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))
  .map(read);
const isOfTests = (path: string) => /^packages\/\w+\/(test|research|conformance)\//.test(path);
const product = sources.filter(
  ({ path }) => /^(functions|domain|packages\/statistics)\//.test(path) && !isOfTests(path),
);
const kindOf = (path: string) => /\.(schema|client|lambda)\.ts$/.exec(path)?.[1] ?? 'core';
const isPackage = (from: string) => roomOf(from) === undefined;

/** `file → what it imports`, for every import that the rule forbids. */
function offences(
  among: readonly Source[],
  isForbidden: (imported: Import, path: string) => boolean,
): string[] {
  // A folder that was renamed must not take its rule along into nothing.
  expect(among.length).toBeGreaterThan(0);
  return among.flatMap(({ path, imports }) =>
    imports
      .filter((imported) => isForbidden(imported, path))
      .map(({ from, typeOnly }) => `${path} → ${typeOnly ? 'type ' : ''}${from}`),
  );
}

it('an import is seen in each of its forms', () => {
  const text = [
    "import { a } from './a.ts';",
    "import type { B } from '../b.ts';",
    'import {',
    '  c,',
    '  type C,',
    "} from 'c';",
    "import * as d from 'node:d';",
    "import './e.ts';",
    "export { f } from './f.ts';",
    "export type { G } from './g.ts';",
    "const h = await import('./h.ts');",
    "import { i } from '@tidemark/domain/i.ts';",
    "import { j } from '@tidemark/region/host';",
  ].join('\n');

  expect(importsOf(text, 'functions/x/y.ts')).toEqual([
    { from: 'functions/x/a.ts', typeOnly: false, byName: false },
    { from: 'functions/b.ts', typeOnly: true, byName: false },
    { from: 'c', typeOnly: false, byName: true },
    { from: 'node:d', typeOnly: false, byName: true },
    { from: 'functions/x/e.ts', typeOnly: false, byName: false },
    { from: 'functions/x/f.ts', typeOnly: false, byName: false },
    { from: 'functions/x/g.ts', typeOnly: true, byName: false },
    { from: 'functions/x/h.ts', typeOnly: false, byName: false },
    { from: 'domain/i.ts', typeOnly: false, byName: true },
    { from: 'packages/region/host.ts', typeOnly: false, byName: true },
  ]);
});

describe('a file’s suffix says what it may import:', () => {
  const bySuffix = (kind: string) => product.filter(({ path }) => kindOf(path) === kind);

  it('a schema, zod and what is pure', () => {
    expect(
      offences(bySuffix('schema'), ({ from }) =>
        isPackage(from) ? from !== 'zod' : ['client', 'lambda'].includes(kindOf(from)),
      ),
    ).toEqual([]);
  });

  it('the core, nothing that reaches outside: what it gets decides what it gives', () => {
    const pure = ['zod', 'yaml', 'node:crypto', 'node:path'];
    // Where data is worked on, the function's own scratch disk and the engine that is linked into it are means of
    // computing: they reach nothing that outlives the invocation.
    const worksOnData =
      /^(functions\/(ingest|train)|domain\/datasets|packages\/statistics\/(profile|tables))\//;
    const scratch =
      /^(node:(fs|stream)(\/promises)?|node:(buffer|readline|zlib)|packages\/statistics\/tables\/duckdb\.client\.ts)$/;

    expect(
      offences(bySuffix('core'), ({ from, typeOnly }, path) => {
        if (typeOnly || (worksOnData.test(path) && scratch.test(from))) return false;
        return isPackage(from) ? !pure.includes(from) : ['client', 'lambda'].includes(kindOf(from));
      }),
    ).toEqual([]);
  });

  it('the core has no clock, no chance and no environment either', () => {
    const outside =
      /\bprocess\.(env|argv|cwd)|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandomUUID\b|\brandomBytes\b|\bperformance\.now|\bsetTimeout\(/;

    expect(
      [...bySuffix('core'), ...bySuffix('schema')]
        .filter(({ text }) => outside.test(withoutComments(text)))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it('only a client reaches AWS or DuckDB', () => {
    const reaching = /^(@aws-sdk\/|@smithy\/|@duckdb\/)/;

    expect(
      offences(
        product.filter(({ path }) => kindOf(path) !== 'client'),
        ({ from, typeOnly }) => reaching.test(from) && !typeOnly,
      ),
    ).toEqual([]);
  });

  it('a function takes a lease in withLease only, which gives it back', () => {
    const takes = /\bleases\.(acquire|handOver)\(/i;

    expect(
      product
        .filter(({ path, text }) => takes.test(text) && !path.endsWith('/with-lease.client.ts'))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it('zod comes as a namespace, of which a bundle leaves out what is not used: its other languages double a cold start', () => {
    const named = /^import (type )?\{[^}]*\} from 'zod'/m;

    expect(sources.filter(({ text }) => named.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('nothing imports an entry point', () => {
    expect(
      offences(
        sources.filter(({ path }) => !path.startsWith('test/')),
        ({ from }) => from.endsWith('.lambda.ts'),
      ),
    ).toEqual([]);
  });
});

describe('rooms', () => {
  it.each(roomNames)('%s has sources, and imports only the rooms that it may', (room) => {
    const own = sources.filter(({ path }) => path.startsWith(`${room}/`) && !isOfTests(path));
    const allowed = [room, ...(rooms[room] ?? [])];

    expect(offences(own, ({ from }) => !isPackage(from) && !allowed.includes(roomOf(from) ?? ''))).toEqual(
      [],
    );
    // A permission that is not needed is one too many.
    const used = new Set(own.flatMap(({ imports }) => imports.map(({ from }) => roomOf(from))));
    expect(allowed.filter((other) => other !== room && !used.has(other))).toEqual([]);
  });

  it('are imported by name: nothing reaches behind the face of a package', () => {
    const isPackaged = (from: string) => /^(packages|domain)\//.test(from);

    expect(
      offences(
        sources.filter(({ path }) => !outside.includes(roomOf(path) ?? '') && !isOfTests(path)),
        ({ from, byName }, path) => isPackaged(from) && !byName && roomOf(from) !== roomOf(path),
      ),
    ).toEqual([]);
  });

  it('of packages depend on what they import, so that each can be installed alone', () => {
    const packaged = sources.filter(
      ({ path }) => /^packages\/\w+\/(?!examples\/)/.test(path) && !isOfTests(path),
    );
    const nameOf = (from: string) => /^(@[^/]+\/)?[^/]+/.exec(from)?.[0] ?? from;

    expect(
      offences(packaged, ({ from }, path) => {
        const room = roomOf(path) ?? '';
        const imported = from.startsWith('packages/') ? `@tidemark/${from.split('/')[1]}` : nameOf(from);
        if (roomOf(from) === room || imported.startsWith('node:')) return false;
        return !dependenciesOf(room).includes(imported);
      }),
    ).toEqual([]);
  });

  it('of packages are tested without the product', () => {
    expect(
      offences(
        sources.filter(({ path }) => isOfTests(path)),
        ({ from }) => !isPackage(from) && !from.startsWith('packages/'),
      ),
    ).toEqual([]);
  });

  it('at run time do not know the infrastructure', () => {
    expect(offences(product, ({ from }) => /^(aws-cdk|constructs)/.test(from))).toEqual([]);
  });

  it('of the infrastructure take only what is pure from the functions', () => {
    const infra = sources.filter(({ path }) => path.startsWith('infra/'));

    expect(
      offences(
        infra,
        ({ from }) => from.startsWith('functions/') && ['client', 'lambda'].includes(kindOf(from)),
      ),
    ).toEqual([]);
  });

  it('of one capability do not know another: they meet in events and the registry', () => {
    const capabilityOf = (path: string) => capabilities.find((name) => path.startsWith(`functions/${name}/`));
    const functions = sources.filter(({ path }) => path.startsWith('functions/'));

    expect(functions.filter(({ path }) => capabilityOf(path) === undefined).map(({ path }) => path)).toEqual(
      [],
    );
    expect(
      offences(functions, ({ from }, path) => {
        const imported = capabilityOf(from);
        return imported !== undefined && imported !== capabilityOf(path);
      }),
    ).toEqual([]);
  });
});

describe('a name says what is in it:', () => {
  it('no folder and no file is for whatever does not fit elsewhere', () => {
    const vague = /^(utils?|common|helpers?|lib|misc|shared|stuff|types)$/;

    expect(
      sources
        .map(({ path }) => path)
        .filter((path) =>
          path
            .replace(/\.ts$/, '')
            .split('/')
            .some((part) => vague.test(part)),
        ),
    ).toEqual([]);
  });

  it('files are in kebab case', () => {
    expect(
      sources
        .map(({ path }) => path)
        .filter(
          (path) =>
            !/^[a-z0-9]+(-[a-z0-9]+)*(\.(schema|client|lambda|config|test|bench|d))*\.ts$/.test(
              basename(path),
            ),
        ),
    ).toEqual([]);
  });
});

describe('one capability name, mirrored:', () => {
  it.each(capabilities)('%s has its functions, its infrastructure and its tests', (capability) => {
    for (const root of ['functions', 'infra', 'test']) {
      expect(existsSync(join(root, capability)), `${root}/${capability}`).toBe(true);
    }
    expect(existsSync(`infra/${capability}/${capability}-capability.ts`)).toBe(true);
  });

  it('every entry point is deployed', () => {
    const unused = product
      .filter(({ path }) => path.endsWith('.lambda.ts'))
      .filter(({ path }) => {
        const capability = basename(dirname(path));
        const deployed = sources.filter((source) => source.path.startsWith(`infra/${capability}/`));
        return !deployed.some(({ text }) => text.includes(`'${basename(path, '.lambda.ts')}'`));
      });

    expect(unused.map(({ path }) => path)).toEqual([]);
  });
});

describe('the log of a function:', () => {
  const entries = product.filter(({ path }) => path.endsWith('.lambda.ts'));

  it('every handler is made by `entry`, which writes a line per invocation, and says its own name there', () => {
    expect(entries.length).toBeGreaterThan(30);
    expect(
      entries
        .filter(({ path, text }) => {
          const [, capability, name] = /^functions\/([^/]+)\/(.+)\.lambda\.ts$/.exec(path) ?? [];
          const exported = [...text.matchAll(/^export (?!class\b|type\b|interface\b).*$/gm)].map(
            ([line]) => line,
          );
          const made = `export const handler = entry({\n  capability: '${capability}',\n  name: '${name}',\n`;
          return exported.length !== 1 || !text.includes(made);
        })
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it('nothing else writes to it: a line goes by `writeLine`', () => {
    const writes = /\bconsole\b|\bprocess\.(stdout|stderr)\b|from 'node:console'/;
    const writers = product.filter(({ text }) => writes.test(withoutComments(text))).map(({ path }) => path);

    expect(writers).toEqual(['domain/invocations/log.client.ts']);
  });

  it('a state machine says with every invocation of a function by which execution it is', () => {
    const invocations = readdirSync('state-machines')
      .filter((file) => file.endsWith('.asl.json'))
      .flatMap((file) => invocationsIn(JSON.parse(readFileSync(join('state-machines', file), 'utf8')), file));

    expect(invocations.length).toBeGreaterThan(35);
    expect(
      invocations.filter(
        ({ payload }) =>
          Object(payload).invokedBy !== '{% $states.context.Execution.Id %}' &&
          // Slices are planned by a function, which writes it into each.
          payload !== '{% $plan.only %}' &&
          payload !== '{% $states.input %}',
      ),
    ).toEqual([]);
  });
});

/** What each task of a machine hands to a function. */
function invocationsIn(machine: unknown, name: string): { state: string; payload: unknown }[] {
  return Object.entries(Object(Object(machine).States)).flatMap(([state, value]) => {
    const { Resource, Arguments, ItemProcessor, Branches = [] } = Object(value);
    const own =
      Resource === 'arn:aws:states:::lambda:invoke'
        ? [{ state: `${name} ${state}`, payload: Arguments.Payload }]
        : [];
    return [...own, ...[ItemProcessor, ...Branches].flatMap((inner) => invocationsIn(inner, name))];
  });
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '');
}

describe('SQL over a user’s columns', () => {
  /** Over columns of ours alone: what DuckDB says of bad lines, one column of JSON, joined predictions. */
  const overOwnColumns = [
    'functions/ingest/read-csv.ts',
    'functions/ingest/read-json.ts',
    'functions/retrain/feedback-join.ts',
  ];

  it('refers to no name that a user’s column may have: `alias` makes such names, and GROUP BY takes positions', () => {
    const all = sqlTexts();
    expect(all.length).toBeGreaterThan(30);

    const offences = all
      .filter(({ path }) => !overOwnColumns.includes(path))
      .flatMap((sql) => namesReferredTo(sql).map((name) => `${sql.path}: ${name}`));

    expect(offences).toEqual([]);
    expect(
      namesReferredTo({ path: '', text: 'SELECT "late" AS value, count(*) AS rows FROM x GROUP BY value' }),
    ).toEqual(['value']);
  });
});

describe('tests go by no clock but one that they advance:', () => {
  const looking = 'looks again and again at what other processes do, for as long as that takes';
  const living = 'a process that must live until it is ended';
  /** Files that have a timer all the same, and why. */
  const timers: Readonly<Record<string, string>> = {
    'packages/region/test/clock.test.ts': 'the wall clock is what it tests',
    'packages/region/test/services/lambda/lambda-service.test.ts': living,
    'packages/region/test/services/sagemaker/sagemaker-region.ts': looking,
    'packages/region/test/services/sagemaker/servers.ts':
      'a server whose answers are under way when its endpoint changes',
    'packages/region/test/services/states/tasks.test.ts': 'a function that looks for a file',
    'packages/region/test/store/mutex.test.ts': 'turns of different lengths, in whatever order they end',
    'test/deploy/hosted-model.ts': looking,
    'test/laptop/start/orphaned.test.ts': living,
    'test/laptop/start/process-identity.test.ts': living,
    'test/laptop/start/synthesis.test.ts': living,
    'test/long/many-at-once.test.ts': looking,
    'test/long/recreated-workflow.test.ts': looking,
    'test/long/throttled-sagemaker.test.ts': looking,
    'test/loop-adversity.test.ts': looking,
    'test/loop-label-shares.test.ts': looking,
    'test/support/assembly.ts': 'waits for another process to have made it',
    'test/support/fault-at-every-call.ts': 'gives up an execution that does not end',
    'test/support/kill-at-call.ts': 'kills a moment after a call, when its effect may be there',
    'test/support/product-user.ts': looking,
    'test/support/start-by-hand.ts': looking,
    'test/upgrade/ends.ts': looking,
    'test/upgrade/model-user.ts': 'waits for the second to pass in which a window ends',
  };
  const hasTimer = /\bset(Timeout|Interval)\b/;
  const ofTests = sources.filter(({ path }) => /^(test|packages\/\w+\/test)\//.test(path));

  it('a timer has a reason, and a reason a timer', () => {
    expect(ofTests.length).toBeGreaterThan(100);
    expect(
      ofTests
        .filter(({ path, text }) => path !== 'test/architecture.test.ts' && hasTimer.test(text))
        .map(({ path }) => path)
        .sort(),
    ).toEqual(Object.keys(timers).sort());
  });
});
