import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type ResourceContext, resourceType } from '../resource-type.ts';

const packageSchema = z.object({
  version: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
});

/**
 * A layer holds packages that are built for Lambda's own platform, which is rarely the laptop's. Functions get the same
 * packages, in the same versions, from the host's `node_modules`.
 */
export const lambdaLayerVersion = resourceType({
  type: 'AWS::Lambda::LayerVersion',
  properties: {
    LayerName: z.string().optional(),
    Content: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
  },
  ignored: {
    CompatibleArchitectures: 'functions get the host’s packages',
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

/** @throws TemplateError when the host has other versions than the layer: the laptop would run something else. */
function checkPackages(layer: string, { services, error }: ResourceContext): void {
  const { dependencies } = readPackage(join(layer, 'nodejs/package.json'));
  for (const [name, version] of Object.entries(dependencies)) {
    const host = readPackage(join(services.nodeModules, name, 'package.json')).version;
    if (host !== version) {
      throw error(
        `the layer has ${name} ${version}, but ${services.nodeModules} has ${host}: name one version in both package.json`,
        'Content',
      );
    }
  }
}

function readPackage(file: string): z.infer<typeof packageSchema> {
  return packageSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}
