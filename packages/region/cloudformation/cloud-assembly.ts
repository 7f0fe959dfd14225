import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { assemblyManifestSchema, assetManifestSchema, stackPropertiesSchema } from './assembly.schema.ts';
import { type Template, templateSchema } from './template.schema.ts';
import { TemplateError } from './template-error.ts';

/** A file or a directory that the CDK would upload before it deploys. */
export interface Asset {
  /** Where the upload would go; may hold `${AWS::AccountId}` and the like. */
  readonly bucketName: string;
  readonly objectKey: string;
  /** Absolute. */
  readonly path: string;
  /** `zip`: a directory that is uploaded as an archive. */
  readonly packaging: 'zip' | 'file';
}

/** A stack as it was synthesised. */
export interface StackArtifact {
  readonly stackName: string;
  readonly template: Template;
  readonly assets: readonly Asset[];
  /** Values for parameters that have no default. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Reads what `cdk synth` wrote: every stack with its template and assets, each after the stacks it depends on.
 * @throws TemplateError for a file that is missing, a template that uses what is not served, or a cycle of stacks.
 */
export function readCloudAssembly(directory: string): StackArtifact[] {
  const { artifacts } = readJson(directory, 'manifest.json', assemblyManifestSchema);
  const order: string[] = [];
  const visit = (id: string, path: readonly string[]): void => {
    if (order.includes(id)) return;
    if (path.includes(id)) {
      throw new TemplateError('manifest.json', `stacks depend on each other: ${[...path, id].join(' → ')}`);
    }
    for (const dependency of artifacts[id]?.dependencies ?? []) visit(dependency, [...path, id]);
    order.push(id);
  };
  for (const id of Object.keys(artifacts)) visit(id, []);

  return order.flatMap((id) => {
    const artifact = artifacts[id];
    if (artifact?.type !== 'aws:cloudformation:stack') return [];
    const { templateFile, stackName, parameters } = stackPropertiesSchema.parse(artifact.properties);
    const assets = artifact.dependencies.flatMap((dependency) => {
      const manifest = artifacts[dependency];
      return manifest?.type === 'cdk:asset-manifest'
        ? readAssets(directory, String(manifest.properties.file))
        : [];
    });
    return [
      {
        stackName: stackName ?? id,
        template: readJson(directory, templateFile, templateSchema),
        assets,
        parameters,
      },
    ];
  });
}

function readAssets(directory: string, file: string): Asset[] {
  const { files, dockerImages } = readJson(directory, file, assetManifestSchema);
  if (Object.keys(dockerImages).length > 0) {
    throw new TemplateError(file, 'has Docker image assets, which the local region does not build');
  }
  return Object.values(files).flatMap(({ source, destinations }) => {
    const { path, packaging } = source;
    // An executable source (no path) is a template on its way; nothing refers to it by key.
    if (path === undefined) return [];
    return Object.values(destinations).map((destination) => ({
      ...destination,
      path: resolve(directory, path),
      packaging,
    }));
  });
}

function readJson<T extends z.ZodType>(directory: string, file: string, schema: T): z.infer<T> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(join(directory, file), 'utf8'));
  } catch (error) {
    throw new TemplateError(join(directory, file), `cannot be read: ${String(error)}`);
  }
  const result = schema.safeParse(content);
  if (!result.success) throw new TemplateError(file, `is not served: ${z.prettifyError(result.error)}`);
  return result.data;
}
