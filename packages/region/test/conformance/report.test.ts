import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { discrepancies, isReworded } from '../../conformance/compare.ts';
import type { MeantDifference } from '../../conformance/meant-difference.ts';
import { Normaliser } from '../../conformance/normalise.ts';
import { Report } from '../../conformance/report.ts';

const moto = { name: 'moto', title: 'moto' } as const;
const error = (name: string, message = 'words') => ({ error: name, status: 400, message, members: {} });
const meant: MeantDifference = {
  from: 'moto',
  service: 'sqs',
  steps: /^queues: /,
  paths: /outcome/,
  count: 1,
  right: 'ours',
  because: 'moto takes it',
  source: 'the reference',
};

describe('two answers', () => {
  it('differ by the members that differ', () => {
    expect(discrepancies({ list: [{ a: 1, b: 2 }] }, { list: [{ a: 1, b: 3 }] })).toEqual([
      { path: 'list[].b', ours: 2, theirs: 3 },
    ]);
    expect(discrepancies({ list: [1] }, { list: [1, 2] })).toEqual([
      { path: 'list', ours: [1], theirs: [1, 2] },
    ]);
  });

  it('differ as a whole if one is an error, or another error', () => {
    const whole = [{ path: 'outcome' }];

    expect(discrepancies({ status: 200 }, error('A'))).toMatchObject(whole);
    expect(discrepancies(error('A'), error('B'))).toMatchObject(whole);
  });

  it('agree in errors of other words, but not in an error without words', () => {
    expect(discrepancies(error('A', 'some'), error('A', 'other'))).toEqual([]);
    expect(isReworded(error('A', 'some'), error('A', 'other'))).toBe(true);
    expect(discrepancies(error('A', ''), error('A', 'other'))).toMatchObject([{ path: 'message' }]);
  });
});

it('identities are named by the request that answered them first, so that equal ones stay equal', () => {
  const normaliser = new Normaliser();

  expect(normaliser.normalise({ MessageId: 'x', SentTimestamp: '1', Date: new Date() }, 'send')).toEqual({
    MessageId: '<message 1 of send>',
    SentTimestamp: '<time>',
    Date: '<time>',
  });
  expect(normaliser.normalise([{ MessageId: 'x' }, { MessageId: 'y' }], 'receive')).toEqual([
    { MessageId: '<message 1 of send>' },
    { MessageId: '<message 1 of receive>' },
  ]);
});

describe('a report', () => {
  let lines: string[] = [];
  beforeEach(() => {
    lines = [];
    vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
  });
  afterEach(() => void vi.restoreAllMocks());
  const reportOf = (table: readonly MeantDifference[], ...answers: [string, unknown, unknown][]) => {
    const report = new Report(table, { showsAll: false });
    for (const [step, ours, theirs] of answers) report.add(moto, 'sqs', step, ours, theirs);
    return { isAsMeant: report.print({ isWhole: true }), text: lines.join('\n') };
  };

  it('counts what is equal and what differs as meant', () => {
    const { isAsMeant, text } = reportOf(
      [meant],
      ['queues: one', error('A'), {}],
      ['queues: two', { a: 1 }, { a: 1 }],
    );

    expect(isAsMeant).toBe(true);
    expect(text).toContain('| sqs | moto | 2 | 1 | 0 | 1 | 0 |');
  });

  it('fails by a difference that no entry explains', () => {
    const { isAsMeant, text } = reportOf(
      [meant],
      ['queues: one', error('A'), {}],
      ['other: two', { a: 1 }, {}],
    );

    expect(isAsMeant).toBe(false);
    expect(text).toContain('DIFFERENT sqs | other: two | a');
  });

  it('fails by an entry that explains more steps than it was written for, or fewer', () => {
    const differing = (step: string): [string, unknown, unknown] => [step, error('A'), {}];

    expect(reportOf([meant], differing('queues: one'), differing('queues: two')).isAsMeant).toBe(false);
    expect(reportOf([meant], ['queues: one', {}, {}]).isAsMeant).toBe(false);
  });

  it('fails by a fault of the region', () => {
    const report = new Report([], { showsAll: false });
    report.fault(new Error('broken'));

    expect(report.print({ isWhole: true })).toBe(false);
  });
});
