import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { namesReferredTo, sqlTexts } from './support/sql-names.ts';

/** The house rules of `docs/design.md` and `CONTRIBUTING.md`, held where a compiler and a linter cannot. */
const roots = ['packages', 'domain', 'functions', 'infra', 'laptop', 'test', 'tools', 'bench'];
const capabilities = readdirSync('state-machines')
  .filter((file) => file.endsWith('.asl.json'))
  .map((file) => file.replace('.asl.json', ''));

interface Import {
  readonly from: string;
  /** Of types only: gone when the code runs. */
  readonly typeOnly: boolean;
}
interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|(?:^|\n)import\s+'([^']+)'|\bimport\('([^']+)'\)/g;

function read(path: string): Source {
  const text = readFileSync(path, 'utf8');
  return { path, text, imports: importsOf(text, path) };
}

function importsOf(text: string, path: string): Import[] {
  return [...text.matchAll(importPattern)].map(([, type, named, bare, dynamic]) => {
    const given = named ?? bare ?? dynamic ?? '';
    return {
      from: given.startsWith('.') ? normalize(join(dirname(path), given)) : given,
      typeOnly: type !== undefined,
    };
  });
}

const sources = roots
  .flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => join(root, path)))
  .filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))
  .map(read);
const functions = sources.filter(({ path }) =>
  /^(functions|domain|packages\/statistics\/(?!test|research))\//.test(path),
);
const kindOf = (path: string) => /\.(schema|client|lambda)\.ts$/.exec(path)?.[1] ?? 'core';
const isPackage = (from: string) =>
  !/^(packages|domain|functions|infra|laptop|test|tools|bench)\//.test(from);

/** `file → what it imports`, for every import that the rule forbids. */
function offences(
  among: readonly Source[],
  isForbidden: (imported: Import, path: string) => boolean,
): string[] {
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
  ].join('\n');

  expect(importsOf(text, 'functions/x/y.ts')).toEqual([
    { from: 'functions/x/a.ts', typeOnly: false },
    { from: 'functions/b.ts', typeOnly: true },
    { from: 'c', typeOnly: false },
    { from: 'node:d', typeOnly: false },
    { from: 'functions/x/e.ts', typeOnly: false },
    { from: 'functions/x/f.ts', typeOnly: false },
    { from: 'functions/x/g.ts', typeOnly: true },
    { from: 'functions/x/h.ts', typeOnly: false },
  ]);
});

describe('a file’s suffix says what it may import:', () => {
  const bySuffix = (kind: string) => functions.filter(({ path }) => kindOf(path) === kind);

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
        functions.filter(({ path }) => kindOf(path) !== 'client'),
        ({ from, typeOnly }) => reaching.test(from) && !typeOnly,
      ),
    ).toEqual([]);
  });

  it('a function takes a lease in withLease only, which gives it back', () => {
    const takes = /\bleases\.(acquire|handOver)\(/i;

    expect(
      functions
        .filter(({ path, text }) => takes.test(text) && !path.endsWith('/with-lease.client.ts'))
        .map(({ path }) => path),
    ).toEqual([]);
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

describe('the layers', () => {
  it('of the product do not know the local region', () => {
    const product = sources.filter(({ path }) =>
      /^(functions|infra|domain|packages\/statistics\/(?!test|research))\//.test(path),
    );

    expect(
      offences(product, ({ from }) => /^(packages\/(region|xgboost)|laptop|test|tools|bench)\//.test(from)),
    ).toEqual([]);
  });

  it('at run time do not know the infrastructure', () => {
    expect(
      offences(functions, ({ from }) => from.startsWith('infra/') || /^(aws-cdk|constructs)/.test(from)),
    ).toEqual([]);
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
    const unused = functions
      .filter(({ path }) => path.endsWith('.lambda.ts'))
      .filter(({ path }) => {
        const capability = basename(dirname(path));
        const deployed = sources.filter((source) => source.path.startsWith(`infra/${capability}/`));
        return !deployed.some(({ text }) => text.includes(`'${basename(path, '.lambda.ts')}'`));
      });

    expect(unused.map(({ path }) => path)).toEqual([]);
  });
});

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
