import { readFileSync } from 'node:fs';
import {
  maximumDefinitionBytes,
  maximumProblems,
  type ParsedDefinition,
  parseDefinition,
} from '@tidemark/domain/definition/parse-definition.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ruleCases, shapeCases, syntaxCases } from './problem-cases.ts';

const valid = 'name: flight-delay\nproblem: binary\ntarget: delay\n';
const limits = {
  serverlessMaxConcurrency: 10,
  trainingMinutes: 120,
  images: null,
  networkIsolation: 'always',
} as const;

function parse(content: string | Uint8Array, model = 'flight-delay'): ParsedDefinition {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return parseDefinition(bytes, { model, limits });
}

function accepted(content: string, model?: string) {
  const parsed = parse(content, model);
  if (!parsed.ok) throw new Error(`not accepted: ${JSON.stringify(parsed.problems)}`);
  return parsed;
}

function problemsOf(content: string | Uint8Array) {
  const parsed = parse(content);
  if (parsed.ok) throw new Error('accepted, although something is wrong with it');
  return parsed.problems;
}

describe('a definition', () => {
  it('needs three lines, and gets every default', () => {
    const { definition } = accepted(valid);

    expect(definition).toMatchObject({
      name: 'flight-delay',
      problem: 'binary',
      target: { column: 'delay' },
      features: {},
      segments: [],
      ingestion: { mode: 'append', complete: 'quiet-period', quietSeconds: 60 },
      split: { validation: 0.15, holdout: 0.15 },
      training: { hyperparameters: {}, spot: false, networkIsolation: true },
      gates: { absolute: {}, champion: { rule: 'not-worse' } },
      deployment: { kind: 'serverless', memoryMegabytes: 2048 },
    });
  });

  it.each(['flight-delay', 'minimal'])('is shipped as models/%s.yaml', (model) => {
    const yaml = readFileSync(new URL(`../../../models/${model}.yaml`, import.meta.url), 'utf8');

    expect(accepted(yaml, model).definition.name).toBe(model);
    expect(yaml).toMatch(/^# yaml-language-server: \$schema=definition\.schema\.json\n/);
  });

  it.each([
    ['a byte order mark', `\uFEFF${valid}`],
    ['Windows line ends', valid.replaceAll('\n', '\r\n')],
    ['a document start and end', `---\n${valid}...\n`],
    ['comments and blank lines', `# mine\n\n${valid}\n# end`],
    ['JSON, which is YAML too', '{"name":"flight-delay","problem":"binary","target":"delay"}'],
  ])('may be written with %s', (_, yaml) => {
    expect(accepted(yaml).hash).toBe(accepted(valid).hash);
  });

  it.each([
    ['a column called no', `${valid}segments: [no, on, "1"]\n`],
    [
      'numbers and truth values as hyperparameters',
      `${valid}training: { hyperparameters: { eta: 0.1, seed: 7, deterministic_histogram: true } }\n`,
    ],
    [
      'any hyperparameter for an image',
      `${valid}training: { image: "me/mine:1", hyperparameters: { layers: 3 } }\ndeployment: { kind: instance }\n`,
    ],
    [
      'an objective for regression',
      'name: flight-delay\nproblem: regression\ntarget: delay\ntraining: { hyperparameters: { objective: "count:poisson" } }\n',
    ],
    ['an hour on spot capacity', `${valid}training: { spot: true, timeLimitMinutes: 60 }\n`],
    [
      'longer on spot capacity with an image',
      `${valid}training: { spot: true, image: "me/mine:1", timeLimitMinutes: 61 }\ndeployment: { kind: instance }\n`,
    ],
    ['a time that is no feature', `${valid}time: date\nfeatures: { exclude: [date] }\n`],
    [
      'a limit at the end of its range',
      `${valid}gates: { absolute: { auc: { atLeast: 1 }, brier: { atMost: 0 } } }\n`,
    ],
    [
      'data that is replaced, with the triggers there are by default',
      `${valid}ingestion: { mode: replace }\n`,
    ],
    ['no monitoring, with the triggers there are by default', `${valid}monitoring: { enabled: false }\n`],
    [
      'a small budget where only new data trains',
      `${valid}retraining: { on: [new-data], monthlyTrainingMinutes: 1 }\n`,
    ],
    [
      'several retrainings a day, shortly after each other',
      `${valid}retraining: { maximumPerDay: 3, cooldownHours: 11 }\n`,
    ],
    ['a window of days', `${valid}time: date\nretraining: { data: window, windowDays: 30 }\n`],
    [
      'fewer new rows where data is replaced',
      `${valid}ingestion: { mode: replace }\nretraining: { on: [drift], minimumNewRows: 60 }\n`,
    ],
  ])('may have %s', (_, yaml) => {
    expect(parse(yaml)).toMatchObject({ ok: true });
  });
});

describe('a definition that cannot be read is refused with a place and a remedy:', () => {
  it.each([...syntaxCases, ...shapeCases, ...ruleCases])('$title', ({ yaml, line, field, what, remedy }) => {
    const [problem] = problemsOf(yaml);

    expect(problem).toMatchObject({
      line,
      field,
      what: expect.stringMatching(what),
      remedy: expect.stringMatching(remedy),
    });
  });

  it('not UTF-8', () => {
    expect(problemsOf(Uint8Array.from([0x6e, 0xff, 0xfe]))).toMatchObject(
      [{ line: null, what: /UTF-8/ }].map(({ line, what }) => ({ line, what: expect.stringMatching(what) })),
    );
  });

  it('larger than the limit, whatever is in it', () => {
    const problems = problemsOf(new Uint8Array(maximumDefinitionBytes + 1));

    expect(problems).toMatchObject([{ line: null, what: expect.stringContaining('more than 65536 bytes') }]);
  });

  it('the largest that is read', () => {
    const comment = `#${'x'.repeat(maximumDefinitionBytes - valid.length - 2)}\n`;

    expect(parse(comment + valid)).toMatchObject({ ok: true });
  });
});

describe('problems', () => {
  it('are all told at once, in the order of their lines', () => {
    const problems = problemsOf(
      'name: Flight\nproblem: yes-or-no\ntraining:\n  spot: on\n  instance: big\nsplit: { holdout: 2 }\n',
    );

    expect(problems.map(({ field }) => field)).toEqual([
      'target',
      'name',
      'problem',
      'training.spot',
      'training.instance',
      'split.holdout',
    ]);
    const lines = problems.map(({ line }) => line ?? 0);
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
  });

  it('are told as columns of an editor: the value, or the name where that is wrong', () => {
    expect(problemsOf(`${valid}training: { spot: on, sopt: true }\n`)).toMatchObject([
      { field: 'training.spot', line: 4, column: 19 },
      { field: 'training.sopt', line: 4, column: 23 },
    ]);
  });

  it('are limited in number, so that they fit an event', () => {
    const unknown = Array.from({ length: 50 }, (_, index) => `x${index}: 1\n`).join('');

    expect(problemsOf(valid + unknown)).toHaveLength(maximumProblems);
  });

  it('stay short, however long the names in the file', () => {
    const [problem] = problemsOf(`${valid}? ${'x'.repeat(60_000)}\n: 1\n`);

    expect(JSON.stringify(problem).length).toBeLessThan(5000);
  });

  it('quote a long value only in part', () => {
    const [problem] = problemsOf(`${valid}training: { spot: ${'long '.repeat(1000)} }\n`);

    expect(problem?.what.length).toBeLessThan(200);
  });
});

describe('whatever is dropped', () => {
  const field = fc.constantFrom(
    'name',
    'problem',
    'target',
    'training',
    'spot',
    'gates',
    'auc',
    'x',
    '__proto__',
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('flight-delay', 'binary', 'delay', 'no', '', '&a', '*a', '!t'),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(field, tie('value'), { maxKeys: 5 }),
    ),
  }));
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ unit: 'binary', maxLength: 200 }).map((text) => new TextEncoder().encode(text)),
    fc
      .array(
        fc.constantFrom('name: ', '- ', '\n', '  ', '\t', '"', '[', '{', '&a ', '*a', '!', '|', '---\n', 'x'),
        { maxLength: 30 },
      )
      .map((parts) => new TextEncoder().encode(parts.join(''))),
    value.map((document) => new TextEncoder().encode(stringify(document))),
  );

  it('is a definition, or has a problem with a sentence and a remedy; nothing throws', () => {
    fc.assert(
      fc.property(bytes, (content) => {
        const parsed = parse(content);
        if (parsed.ok) return;
        expect(parsed.problems.length).toBeGreaterThan(0);
        for (const { what, remedy, line, column } of parsed.problems) {
          expect(what).toMatch(/\S/);
          expect(what).not.toMatch(/undefined|\[object|Invalid input/);
          expect(remedy).toMatch(/\S/);
          expect(line === null).toBe(column === null);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('points at the line of an unknown field, wherever it is put', () => {
    const lines = valid.trimEnd().split('\n');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: lines.length }), (at) => {
        const yaml = lines.toSpliced(at, 0, 'zzzz: 1').join('\n');
        expect(problemsOf(yaml)).toMatchObject([{ field: 'zzzz', line: at + 1, column: 1 }]);
      }),
    );
  });
});

describe('the hash of a definition', () => {
  it('does not change with comments, order, quotes or spelled-out defaults', () => {
    const spelled =
      '# mine\ntarget: { column: "delay" }\nsegments: []\nproblem: binary\nname: flight-delay\ntraining: { spot: false }\n';

    expect(accepted(spelled).hash).toBe(accepted(valid).hash);
  });

  it('is the same for the definition that was read, written out and read again', () => {
    const yaml = readFileSync(new URL('../../../models/flight-delay.yaml', import.meta.url), 'utf8');
    const { definition, hash } = accepted(yaml);
    // A default that does not apply may stand in the registry, but not in a file.
    const { quietSeconds, complete, mode } = definition.ingestion;
    const { everyDays, windowDays, ...retraining } = definition.retraining;

    const again = accepted(
      stringify({ ...definition, ingestion: { quietSeconds, complete, mode }, retraining }),
    );

    expect(again.hash).toBe(hash);
  });

  it.each([
    'name: flight-delay\nproblem: binary\ntarget: late\n',
    'name: flight-delay\nproblem: regression\ntarget: delay\n',
    'name: flight-delay\nproblem: binary\ntarget: { column: delay, above: 15 }\n',
    `${valid}training: { hyperparameters: { eta: 0.1 } }\n`,
  ])('changes with what is said: %j', (yaml) => {
    const { hash } = accepted(yaml);

    expect(hash).not.toBe(accepted(valid).hash);
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
  });

  it('changes with the order of a list', () => {
    expect(accepted(`${valid}segments: [a, b]\n`).hash).not.toBe(accepted(`${valid}segments: [b, a]\n`).hash);
  });
});
