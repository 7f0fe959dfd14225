import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withScratchDirectory } from '../../tables/scratch.client.ts';

let disk: string;
beforeEach(async () => {
  disk = await mkdtemp(join(tmpdir(), 'tidemark-scratch-disk-'));
  vi.stubEnv('TMPDIR', disk);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(disk, { recursive: true });
});

/** A directory as a process with this number would have left it. */
async function leftBy(processId: number): Promise<string> {
  const directory = join(disk, `tidemark-scratch-${processId}-aBcDeF`);
  await mkdir(directory);
  await writeFile(join(directory, 'original'), 'large');
  return directory;
}

const endedProcess = () => spawnSync(process.execPath, ['-e', '']).pid;

describe('a scratch directory', () => {
  it('is there while it is used, and gone afterwards, also after an error', async () => {
    let used = '';
    const failing = withScratchDirectory(async (directory) => {
      used = directory;
      await writeFile(join(directory, 'file'), 'x');
      throw new Error('cannot');
    });

    await expect(failing).rejects.toThrow('cannot');
    expect(basename(used)).toMatch(/^tidemark-scratch-\d+-/);
    expect(existsSync(used)).toBe(false);
  });

  it('comes with a clean disk: what an ended process left is removed, whatever its number', async () => {
    const left = [await leftBy(endedProcess()), await leftBy(process.pid)];

    await withScratchDirectory(async () => {
      expect(left.filter(existsSync)).toEqual([]);
    });
  });

  it('leaves alone what is in use, by this process or another, and what is not ours', async () => {
    const another = await leftBy(process.ppid);
    const foreign = join(disk, 'somebody-elses');
    await mkdir(foreign);

    await withScratchDirectory((first) =>
      withScratchDirectory(async () => {
        expect([first, another, foreign].every(existsSync)).toBe(true);
      }),
    );
  });
});
