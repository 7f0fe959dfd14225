import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processesOf } from '../../bench/process-memory.ts';
import { selectFlights } from '../../laptop/start/sample-flights.ts';
import { provideAssembly, StartProcess } from '../support/start-process.ts';

let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-start-'));
  const lines = [
    'name: late',
    'problem: binary',
    'target: { column: delay, above: 15 }',
    'training: { hyperparameters: { num_round: 30 } }',
  ];
  writeFileSync(path('late.yaml'), lines.join('\n'));
  writeFileSync(path('broken.yaml'), 'name: late\nproblem: [binary\n');
  writeFileSync(path('empty.csv'), '');
  await selectFlights(path('day.csv'), { from: '2001-01-03', until: '2001-01-04' });
  await provideAssembly(path('state'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const path = (name: string) => join(directory, name);
const own = (definition: string, data: string) => ['--definition', path(definition), '--data', path(data)];
const inState = (...args: string[]) => ['--state', path('state'), ...args];
const escapeCharacter = '\u001B';

// One story: each test goes on where the one before has ended.
describe('npm start', () => {
  it('stops at Ctrl-C in the middle, leaving no process', async () => {
    const start = new StartProcess(inState('--exit', ...own('late.yaml', 'day.csv')));
    await start.printed('training.started');
    const helpers = processesOf(start.pid);

    const second = await new StartProcess(inState('--exit')).over;
    start.signal('SIGINT');
    const { exitCode, stdout, stderr } = await start.over;

    expect(helpers.length).toBeGreaterThan(0);
    expect(processesOf(process.pid).filter(({ command }) => command.includes(directory))).toEqual([]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: '' });
    expect(stdout).not.toContain('deployment.succeeded');
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toMatch(/^Tidemark is already running on [^\n]*\n$/);
  });

  it('goes on from there, and ends with 0 when a version is live', async () => {
    const { exitCode, stdout, stderr } = await new StartProcess(
      inState('--exit', ...own('late.yaml', 'day.csv')),
    ).over;

    const summary = JSON.parse(readFileSync(path('state/summary.json'), 'utf8'));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('incoming/late/day.csv  is in the data bucket already');
    expect(stdout).toContain('Version 1 of late is live and proven.');
    expect(stdout).toMatch(/auc\s+0\.\d{4}\s+0\.\d{4} … 0\.\d{4}/);
    expect(stdout).toMatch(/the endpoint says 0\.\d{4} for delay above 15; in truth delay was/);
    expect(stdout).not.toContain(escapeCharacter);
    expect(summary).toMatchObject({
      model: 'late',
      success: true,
      liveVersion: 1,
      outcome: { type: 'deployment.succeeded' },
      versions: [
        {
          version: 1,
          status: 'live',
          gates: expect.any(Array),
          metrics: { auc: expect.any(Object) },
          columns: expect.any(Array),
        },
      ],
    });
  });

  it('says that there is nothing new when there is nothing new', async () => {
    const { exitCode, stdout } = await new StartProcess(inState('--exit', ...own('late.yaml', 'day.csv')))
      .over;

    expect(stdout).toContain('Nothing new: version 1 of late is live with this data.');
    expect(exitCode).toBe(0);
  });

  it('shows the report of rejected data and ends with 1, while the version serves on', async () => {
    const { exitCode, stdout } = await new StartProcess(inState('--exit', ...own('late.yaml', 'empty.csv')))
      .over;

    expect(stdout).toContain('# Rejected data of late');
    expect(stdout).toContain('Still, version 1 of late is live.');
    expect(exitCode).toBe(1);
  });

  it('keeps reports and artifacts as files that anybody can open', () => {
    const files = readdirSync(path('state/results/late'), { recursive: true, encoding: 'utf8' });

    expect(files).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^runs.+evaluation\.json$/),
        expect.stringMatching(/^models.+model\.tar\.gz$/),
        expect.stringMatching(/^quarantine.+report\.md$/),
      ]),
    );
    expect(statSync(path('state')).mode & 0o777).toBe(0o700);
  });

  it('shows what is wrong with a definition, and where, before it starts anything, and ends with 1', async () => {
    const { exitCode, stdout } = await new StartProcess(inState('--exit', ...own('broken.yaml', 'day.csv')))
      .over;

    expect(stdout).toContain('definition.rejected');
    expect(stdout).toMatch(/line \d+:\d+/);
    expect(stdout).not.toContain('Start the region');
    expect(exitCode).toBe(1);
  });

  it('says in one line that a port is taken', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });

    const { exitCode, stderr } = await new StartProcess(inState('--exit', '--port', String(port))).over;
    server.close();

    expect(stderr).toBe(
      `Port ${port} is taken: choose another with --port, or leave it out for a free one.\n`,
    );
    expect(exitCode).toBe(1);
  });

  it.each([
    [['--fats'], 'Unknown option \'--fats\'. Run "npm start -- --help" to see the flags.\n'],
    [['--data', 'a.csv'], 'Data of your own needs a definition: add --definition <file.yaml>.\n'],
    [['--definition', 'none.yaml', '--data', 'none.csv'], 'There is no file none.yaml.\n'],
  ])('answers %j with one line and 1', async (args, message) => {
    const { exitCode, stderr } = await new StartProcess(inState(...args)).over;

    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: message });
  });
});
