import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type ResourceContext, resourceType } from '../resource-type.ts';

const packageSchema = z.object({
  version: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
});

/**
 * A layer holds packages that are built for Lambda's own platform, which is rarely the laptop's. Functions get the same
 * packages, in the same versions, from the folder that the region was started with.
 */
export const lambdaLayerVersion = resourceType({
  type: 'AWS::Lambda::LayerVersion',
  properties: {
    LayerName: z.string().optional(),
    Content: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
  },
  ignored: {
    CompatibleArchitectures: 'functions get packages for this machine',
    CompatibleRuntimes: 'functions run on the host’s Node.js',
    Description: 'for people',
    LicenseInfo: 'for people',
  },
  async apply({ LayerName, Content }, context) {
    checkPackages(context.asset(Content.S3Bucket, Content.S3Key).path, context);
    const name = LayerName ?? context.name({ maximum: 140 });
    const arn = `arn:aws:lambda:${context.region}:${context.accountId}:layer:${name}:1`;
    return { ref: arn, attributes: { LayerVersionArn: arn } };
  },
});

/** @throws TemplateError when no modules stand for the layer's, or others than it holds: the laptop would run something else. */
function checkPackages(layer: string, { services, error }: ResourceContext): void {
  const { layerModules } = services;
  if (layerModules === undefined) {
    throw error(
      'a layer holds packages that are built for Lambda. Start the region with `layerModules`, a folder with the same packages for this machine.',
    );
  }
  const { dependencies } = readPackage(join(layer, 'nodejs/package.json'));
  for (const [name, version] of Object.entries(dependencies)) {
    const file = join(layerModules, name, 'package.json');
    const host = existsSync(file) ? readPackage(file).version : 'none';
    if (host !== version) {
      throw error(
        `the layer has ${name} ${version}, but ${layerModules} has ${host}: name one version in both package.json`,
        'Content',
      );
    }
  }
}

function readPackage(file: string): z.infer<typeof packageSchema> {
  return packageSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}
