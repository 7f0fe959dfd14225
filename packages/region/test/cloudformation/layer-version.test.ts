import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RegionServices } from '../../cloudformation/region-services.ts';
import { lambdaLayerVersion } from '../../cloudformation/resources/lambda-layer-version.ts';
import { TemplateError } from '../../cloudformation/template-error.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'layer-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function writeJson(path: string, content: unknown): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), JSON.stringify(content));
}

/** Deploys a layer that holds version 1.0.0 of the package `engine`. */
async function deploy(layerModules?: string) {
  writeJson('layer/nodejs/package.json', { dependencies: { engine: '1.0.0' } });
  const services: Partial<RegionServices> = { ...(layerModules !== undefined && { layerModules }) };
  return await lambdaLayerVersion.apply(
    { Content: { S3Bucket: 'assets', S3Key: 'layer.zip' } },
    {
      region: 'eu-west-1',
      accountId: '111122223333',
      stackName: 'stack',
      creation: 1,
      logicalId: 'Layer',
      constructPath: undefined,
      isUnchanged: false,
      services: services as RegionServices, // a layer asks for its modules only
      name: () => 'layer',
      asset: (bucketName, objectKey) => ({
        path: join(directory, 'layer'),
        packaging: 'zip',
        bucketName,
        objectKey,
      }),
      error: (problem) => new TemplateError('stack s, resource Layer', problem),
    },
  );
}

it('a layer is deployed when the region’s layer modules hold its packages in its versions', async () => {
  writeJson('modules/engine/package.json', { version: '1.0.0' });

  expect((await deploy(join(directory, 'modules'))).ref).toMatch(/:layer:layer:1$/);
});

it('a layer stops the start of a region without layer modules, with what to do', async () => {
  await expect(deploy()).rejects.toThrow(
    'stack s, resource Layer: a layer holds packages that are built for Lambda. Start the region with `layerModules`',
  );
});

it.each([
  { why: 'another version', version: '2.0.0', has: '2.0.0' },
  { why: 'no version', version: undefined, has: 'none' },
])(
  'a layer is refused when the region’s layer modules have $why of its package',
  async ({ version, has }) => {
    if (version !== undefined) writeJson('modules/engine/package.json', { version });
    const modules = join(directory, 'modules');

    await expect(deploy(modules)).rejects.toThrow(`the layer has engine 1.0.0, but ${modules} has ${has}`);
  },
);
