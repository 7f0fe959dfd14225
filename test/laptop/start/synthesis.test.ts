import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StartError } from '../../../laptop/start/start-error.ts';
import { synthesise } from '../../../laptop/start/synthesis.ts';

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'tidemark-synthesis-'));
  for (const directory of ['packages/statistics', 'domain', 'functions', 'infra', 'state-machines'])
    mkdirSync(join(project, directory), { recursive: true });
  writeFileSync(join(project, 'cdk.json'), JSON.stringify({ context: { stage: 'dev' } }));
  writeFileSync(join(project, 'package-lock.json'), '{}');
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

/** An app that notes what it is told, in the place of one that takes seconds. */
const app = `
import { writeFileSync } from 'node:fs';
writeFileSync(process.env.CDK_OUTDIR + '/manifest.json', process.env.CDK_CONTEXT_JSON ?? '');
`;
const writeApp = (source: string) => writeFileSync(join(project, 'infra/app.ts'), source);
const assemblyDirectory = () => join(project, 'assembly');
const run = () => synthesise({ projectDirectory: project, assemblyDirectory: assemblyDirectory() });

describe('synthesise', () => {
  it('runs the app with the context of cdk.json and of the CDK command', async () => {
    writeApp(app);

    await expect(run()).resolves.toBe('synthesised');

    const context = JSON.parse(readFileSync(join(assemblyDirectory(), 'manifest.json'), 'utf8'));
    expect(context).toMatchObject({ stage: 'dev', 'aws:cdk:enable-path-metadata': true });
  });

  it('takes the stage that is chosen, gives it the laptop’s limits, and runs again for another', async () => {
    writeApp(app);
    const stages = { dev: {}, prod: { limits: { trainingMinutes: 30 } } };
    writeFileSync(join(project, 'cdk.json'), JSON.stringify({ context: { tidemark: { stages } } }));
    const of = (stage: string) =>
      synthesise({ projectDirectory: project, assemblyDirectory: assemblyDirectory(), stage });

    expect([await of('dev'), await of('prod'), await of('prod')]).toEqual([
      'synthesised',
      'synthesised',
      'unchanged',
    ]);
    expect(JSON.parse(readFileSync(join(assemblyDirectory(), 'manifest.json'), 'utf8'))).toMatchObject({
      stage: 'prod',
      tidemark: { stages: { prod: { limits: { trainingMinutes: 30, serverlessMaxConcurrency: 100_000 } } } },
    });
  });

  it('asks for the stage in the words of its own flag when cdk.json has several', async () => {
    writeApp(app);
    const stages = { dev: {}, prod: {} };
    writeFileSync(join(project, 'cdk.json'), JSON.stringify({ context: { tidemark: { stages } } }));

    await expect(run()).rejects.toThrow(StartError);
    await expect(run()).rejects.toThrow(/--stage dev or --stage prod/);
  });

  it('has a directory of its own for bundles, which others that synthesise do not touch', async () => {
    writeApp(`
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
mkdirSync(process.env.TIDEMARK_BUNDLES, { recursive: true });
writeFileSync(process.env.TIDEMARK_BUNDLES + '/mine', '');
writeFileSync(process.env.CDK_OUTDIR + '/bundles.json', JSON.stringify(readdirSync(process.env.TIDEMARK_BUNDLES)));
`);
    const directories = ['one', 'other'].map((name) => join(project, name, 'assembly'));

    await Promise.all(
      directories.map((directory) => synthesise({ projectDirectory: project, assemblyDirectory: directory })),
    );

    for (const directory of directories) {
      expect(JSON.parse(readFileSync(join(directory, 'bundles.json'), 'utf8'))).toEqual(['mine']);
      expect(existsSync(`${directory}.work`)).toBe(false);
    }
  });

  it('does nothing when nothing has changed, and runs again when something has', async () => {
    writeApp(app);
    await run();

    await expect(run()).resolves.toBe('unchanged');
    writeFileSync(join(project, 'functions/new.ts'), '');
    await expect(run()).resolves.toBe('synthesised');
  });

  it('shows the app’s own words when it fails, and leaves the last assembly alone', async () => {
    writeApp(app);
    await run();
    writeApp("throw new Error('the stage is too long');");

    await expect(run()).rejects.toThrow(StartError);
    await expect(run()).rejects.toThrow('the stage is too long');
    writeApp(app);
    await expect(run()).resolves.toBe('unchanged');
  });

  it('is not disturbed by what a killed start left, nor by its orphan that still writes', async () => {
    mkdirSync(`${assemblyDirectory()}.work/1/assembly`, { recursive: true });
    const orphan = setInterval(() => {
      mkdirSync(`${assemblyDirectory()}.work/1/assembly`, { recursive: true });
      writeFileSync(`${assemblyDirectory()}.work/1/assembly/${Math.random()}`, '');
    }, 1);
    writeApp(app);

    await expect(run()).resolves.toBe('synthesised');
    clearInterval(orphan);
    expect(existsSync(join(assemblyDirectory(), 'manifest.json'))).toBe(true);
  });

  it('ends the app, and what the app has started, at the signal', async () => {
    const pidFile = join(project, 'pid');
    writeApp(`
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
const child = spawn('sleep', ['600']);
writeFileSync(${JSON.stringify(pidFile)}, String(child.pid));
setInterval(() => undefined, 1000);
`);
    const controller = new AbortController();
    const synthesis = synthesise({
      projectDirectory: project,
      assemblyDirectory: assemblyDirectory(),
      signal: controller.signal,
    });
    const pid = await expect
      .poll(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8'))
      .toMatch(/\d/)
      .then(() => Number(readFileSync(pidFile, 'utf8')));

    controller.abort();

    await expect(synthesis).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
