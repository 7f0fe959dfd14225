import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeploymentJournal, type JournalRecord } from '../../cloudformation/deployment-journal.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'journal-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const changes = () => join(directory, 'cloudformation', 'changes.jsonl');
const record = (physicalId: string): JournalRecord => ({
  type: 'AWS::Imagined::Thing',
  physicalId,
  retain: false,
  properties: 'p',
  made: null,
});

/** A deployment in which each kind of change is made. */
function deploy(journal: DeploymentJournal): void {
  journal.creationOf('one');
  journal.add('one', 'First', record('1'));
  journal.add('one', 'Second', record('2'));
  journal.add('one', 'First', record('1 again'));
  journal.creationOf('two');
  journal.add('two', 'Only', record('3'));
  journal.remove('one', 'Second');
  journal.removeStack('two');
  journal.creationOf('two');
}

const deployed = { one: { First: record('1 again') }, two: {} };

describe('the journal of deployments', () => {
  it('is the same after it was settled and after it was not', () => {
    const journal = DeploymentJournal.open(directory);
    deploy(journal);
    expect(journal.stacks).toEqual(deployed);

    const reopened = DeploymentJournal.open(directory);

    expect(reopened.stacks).toEqual(deployed);
    expect([reopened.creationOf('one'), reopened.creationOf('two')]).toEqual([1, 2]);
    expect(existsSync(changes())).toBe(false);
    expect(DeploymentJournal.open(directory).stacks).toEqual(deployed);
  });

  it('stopped at any change, has all before it', () => {
    deploy(DeploymentJournal.open(directory));
    const text = readFileSync(changes(), 'utf8');
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(9);
    let before: unknown = {};

    for (const [index, line] of lines.entries()) {
      const start = text.indexOf(line, index === 0 ? 0 : lines.slice(0, index).join('\n').length);
      // In the middle of writing it, and right after.
      for (const [end, isWhole] of [
        [start + 5, false],
        [start + line.length + 1, true],
      ] as const) {
        rmSync(join(directory, 'cloudformation'), { recursive: true });
        DeploymentJournal.open(directory);
        writeFileSync(changes(), text.slice(0, end));

        const { stacks } = DeploymentJournal.open(directory);

        if (!isWhole) expect(stacks).toEqual(before);
        before = structuredClone(stacks);
      }
    }
    expect(before).toEqual(deployed);
  });

  it('stopped after it was settled and before the changes were taken away, is what it was', () => {
    const journal = DeploymentJournal.open(directory);
    deploy(journal);
    const text = readFileSync(changes(), 'utf8');
    journal.settle();
    appendFileSync(changes(), text);

    const reopened = DeploymentJournal.open(directory);

    expect(reopened.stacks).toEqual(deployed);
    expect([reopened.creationOf('one'), reopened.creationOf('two')]).toEqual([1, 2]);
  });

  it('writes a few bytes for each resource, not all of them again', () => {
    const journal = DeploymentJournal.open(directory);
    for (let index = 0; index < 100; index += 1) journal.add('one', `R${index}`, record(String(index)));

    expect(readFileSync(changes()).length).toBeLessThan(100 * 200);
    expect(existsSync(join(directory, 'cloudformation', 'stacks.json'))).toBe(false);
  });
});
