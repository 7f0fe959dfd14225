import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Images, isBuiltInImage } from '../../containers/images.ts';

const xgboost = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5';

let directory: string;
let script: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'images-'));
  script = join(directory, 'train.py');
  await writeFile(script, 'print(1)');
});

afterAll(async () => await rm(directory, { recursive: true }));

describe('Images', () => {
  test('runs the stand-in for the built-in XGBoost of any region', async () => {
    const image = await new Images({}).resolve(xgboost);

    expect(image.command).toBe(process.execPath);
    expect(image.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(isBuiltInImage(xgboost)).toBe(true);
    expect(await new Images({}).resolve(xgboost.replaceAll('us-east-1', 'eu-west-1'))).toEqual(image);
  });

  test('runs the command of the longest beginning', async () => {
    const images = new Images({ 'me/': ['all'], 'me/churn:': ['churn'], 'me/churn:2': ['second', '--fast'] });

    expect((await images.resolve('me/churn:1')).command).toBe('churn');
    expect(await images.resolve('me/churn:2')).toMatchObject({ command: 'second', arguments: ['--fast'] });
    expect((await images.resolve('me/other')).command).toBe('all');
  });

  test("puts a user's command before the stand-in", async () => {
    expect((await new Images({ [xgboost]: ['mine'] }).resolve(xgboost)).command).toBe('mine');
  });

  test('gives another digest when a file of the command changes', async () => {
    const images = new Images({ 'me/churn': ['python3', script] });
    const before = await images.resolve('me/churn');

    await writeFile(script, 'print(2)');

    const after = await images.resolve('me/churn');
    expect(after.digest).not.toBe(before.digest);
    expect(after.arguments).toEqual([script]);
    expect((await images.resolve('me/churn')).digest).toBe(after.digest);
  });

  test('takes an image without a command for unmapped', async () => {
    await expect(new Images({ 'me/': [] }).resolve('me/churn:1')).rejects.toThrow('cannot run the image');
  });

  test.each(['me/churn:1', '683313688378.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1'])(
    'says how to map %s, for which there is nothing',
    async (uri) => {
      await expect(new Images({}).resolve(uri)).rejects.toThrow(
        `images: { "${uri}": ["command", "argument"] }`,
      );
    },
  );
});
