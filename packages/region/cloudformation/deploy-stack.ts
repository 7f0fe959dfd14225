import { createHash } from 'node:crypto';
import * as z from 'zod';
import { diskTrouble } from '../store/disk-trouble.ts';
import type { Asset, StackArtifact } from './cloud-assembly.ts';
import type { DeploymentJournal } from './deployment-journal.ts';
import { isGone } from './gone.ts';
import { truth } from './intrinsics/logic.ts';
import { physicalName } from './physical-name.ts';
import { CircularReferenceError, creationOrder } from './references.ts';
import type { RegionServices } from './region-services.ts';
import { resolve } from './resolve.ts';
import type { ResourceContext, ResourceType } from './resource-type.ts';
import { type ResourceValues, type StackPlace, StackScope } from './stack-scope.ts';
import type { TemplateResource } from './template.schema.ts';
import { TemplateError, ValueError } from './template-error.ts';

export interface DeployedResource {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  /** What `Ref` gives. */
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The construct's path, such as `my-app/Train/Machine/Resource`. */
  readonly path: string | undefined;
}

/** A resource that is not what the last deployment made of it, as somebody has changed or deleted it since. */
export interface DriftedResource {
  readonly type: string;
  readonly physicalId: string;
  readonly state: 'deleted' | 'changed';
}

export interface DeployedStack {
  readonly stackName: string;
  /** What was left as somebody made it. */
  readonly drift: readonly DriftedResource[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: readonly DeployedResource[];
}

export interface DeployOptions {
  readonly region: string;
  readonly accountId: string;
  readonly services: RegionServices;
  readonly resourceTypes: ReadonlyMap<string, ResourceType>;
  readonly ssmParameter: (name: string) => string | undefined;
  readonly journal: DeploymentJournal;
  /**
   * Whether resources that somebody changed or deleted are made again as their templates have them (`cdk deploy --revert-drift`).
   * Otherwise only those are touched whose properties have changed.
   */
  readonly revertDrift?: boolean;
}

/**
 * Creates or updates a stack's resources in the order of their references. What an earlier deployment made and the
 * template no longer has is taken away, unless its deletion policy keeps it.
 * @param exports of the stacks deployed before; this stack's are added.
 * @throws TemplateError that names the stack, the resource and the property.
 */
export async function deployStack(
  artifact: StackArtifact,
  options: DeployOptions,
  exports: Map<string, string>,
): Promise<DeployedStack> {
  const { stackName, template, parameters } = artifact;
  const { region, accountId, journal } = options;
  const place: StackPlace = { stackName, region, accountId, creation: journal.creationOf(stackName) };
  const scope = new StackScope({ ...options, ...place, template, parameters, exports });
  checkRules(artifact, scope);
  const exported = exportNames(artifact, scope);
  checkExports(stackName, exported, journal);

  const resources: DeployedResource[] = [];
  const drift: DriftedResource[] = [];
  for (const logicalId of orderOf(artifact)) {
    const resource = template.Resources[logicalId];
    if (!resource || !isWanted(resource, logicalId, artifact, scope)) continue;
    const { context, values, drifted } = await deployResource(
      resource,
      logicalId,
      artifact,
      place,
      options,
      scope,
    );
    scope.add(logicalId, values);
    resources.push(deployedResource(resource, context, values));
    if (drifted) drift.push(drifted);
  }
  await removeFormer(stackName, new Set(resources.map(({ logicalId }) => logicalId)), options);
  const outputs = outputsOf(artifact, scope, exports);
  journal.link(stackName, { exports: exported, imports: [...scope.imports] });
  return { stackName, outputs, resources, drift };
}

function exportNames({ stackName, template }: StackArtifact, scope: StackScope): string[] {
  return Object.entries(template.Outputs).flatMap(([name, { Condition, Export }]) =>
    at(`stack ${stackName}, output ${name}`, () => {
      if (!Export || (Condition !== undefined && !scope.condition(Condition))) return [];
      return [String(resolve(Export.Name, scope))];
    }),
  );
}

/** As CloudFormation: what another stack still imports stays exported. Nothing has been changed when this throws. */
function checkExports(stackName: string, exported: readonly string[], { links }: DeploymentJournal): void {
  for (const name of links[stackName]?.exports ?? []) {
    if (exported.includes(name)) continue;
    const [user] = Object.entries(links).find(([, { imports }]) => imports.includes(name)) ?? [];
    if (user === undefined) continue;
    throw new TemplateError(`stack ${stackName}`, `Cannot delete export ${name} as it is in use by ${user}.`);
  }
}

interface ResourceDeployment {
  readonly context: ResourceContext;
  readonly values: ResourceValues;
  readonly drifted: DriftedResource | undefined;
}

/** Makes a resource, or changes it; leaves one alone whose properties are those of the last deployment, as CloudFormation does. */
async function deployResource(
  resource: TemplateResource,
  logicalId: string,
  artifact: StackArtifact,
  place: StackPlace,
  options: DeployOptions,
  scope: StackScope,
): Promise<ResourceDeployment> {
  const { journal, services, resourceTypes, revertDrift = false } = options;
  const { stackName } = place;
  const { Type: type, DeletionPolicy } = resource;
  const before = journal.stacks[stackName]?.[logicalId];
  const contextOf = (isUnchanged: boolean) =>
    resourceContext(artifact, logicalId, { ...place, isUnchanged }, options, scope);
  const properties = resolvedProperties(resource, contextOf(false), scope);
  const digest = digestOf(properties);
  const isUnchanged = !revertDrift && before?.type === type && before.properties === digest;
  const context = contextOf(isUnchanged);
  // A start that is killed in between leaves a resource that is neither what it was nor what it is to be.
  if (before && !isUnchanged) journal.add(stackName, logicalId, { ...before, properties: null });
  const values = await createResource(type, properties, context, options);
  const found = await resourceTypes.get(type)?.read?.(values.ref, services);
  const made = found === undefined ? null : digestOf(found);
  const record = { type, physicalId: values.ref, retain: DeletionPolicy !== 'Delete', properties: digest };
  journal.add(stackName, logicalId, { ...record, made: isUnchanged ? before.made : made });
  if (!isUnchanged || before.made === made) return { context, values, drifted: undefined };
  const state = made === null ? 'deleted' : 'changed';
  return { context, values, drifted: { type, physicalId: values.ref, state } };
}

const digestOf = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('hex');

/** Takes away what is recorded of a stack but not wanted any more, last made first. */
export async function removeFormer(
  stackName: string,
  wanted: ReadonlySet<string>,
  { journal, resourceTypes, services }: DeployOptions,
): Promise<void> {
  const former = Object.entries(journal.stacks[stackName] ?? {}).filter(([id]) => !wanted.has(id));
  for (const [logicalId, { type, physicalId, retain }] of former.reverse()) {
    if (!retain) await removeResource(resourceTypes.get(type), physicalId, services);
    journal.remove(stackName, logicalId);
  }
}

async function removeResource(
  type: ResourceType | undefined,
  physicalId: string,
  services: RegionServices,
): Promise<void> {
  try {
    await type?.remove?.(physicalId, services);
  } catch (error) {
    // Somebody was there before.
    if (!isGone(error)) throw error;
  }
}

function checkRules({ stackName, template }: StackArtifact, scope: StackScope): void {
  for (const [name, { RuleCondition, Assertions }] of Object.entries(template.Rules)) {
    at(`stack ${stackName}, rule ${name}`, () => {
      if (RuleCondition !== undefined && !truth(RuleCondition, scope, resolve)) return;
      const broken = Assertions.find(({ Assert }) => !truth(Assert, scope, resolve));
      if (broken) throw new ValueError(broken.AssertDescription ?? 'does not hold');
    });
  }
}

function orderOf({ stackName, template }: StackArtifact): string[] {
  try {
    return creationOrder(template.Resources);
  } catch (error) {
    if (error instanceof CircularReferenceError) throw new TemplateError(`stack ${stackName}`, error.message);
    throw error;
  }
}

function isWanted(
  { Condition }: TemplateResource,
  logicalId: string,
  { stackName }: StackArtifact,
  scope: StackScope,
): boolean {
  if (Condition === undefined) return true;
  return at(`stack ${stackName}, resource ${logicalId}`, () => scope.condition(Condition));
}

function resolvedProperties(
  { Properties }: TemplateResource,
  context: ResourceContext,
  scope: StackScope,
): unknown {
  try {
    return resolve(Properties, scope);
  } catch (error) {
    if (error instanceof ValueError) throw context.error(error.problem, error.path.join('.'));
    throw error;
  }
}

async function createResource(
  Type: string,
  properties: unknown,
  context: ResourceContext,
  { resourceTypes }: DeployOptions,
): Promise<ResourceValues> {
  const resourceType = resourceTypes.get(Type);
  if (!resourceType) {
    throw context.error(`the local region does not serve ${Type}. See packages/region/SUPPORT.md.`);
  }
  try {
    return await resourceType.apply(properties, context);
  } catch (error) {
    if (error instanceof TemplateError || !(error instanceof Error)) throw error;
    // Of the laptop, and not of the template.
    if (diskTrouble(error) !== undefined) throw error;
    const remedy = isGone(error)
      ? ' Somebody has deleted what it refers to; starting with --revert-drift makes that again.'
      : '';
    throw context.error(`${Type} cannot be created: ${error.name}: ${error.message}${remedy}`);
  }
}

function resourceContext(
  { assets, template }: StackArtifact,
  logicalId: string,
  place: StackPlace & { readonly isUnchanged: boolean },
  { services }: DeployOptions,
  scope: StackScope,
): ResourceContext {
  const error = (problem: string, property?: string) =>
    new TemplateError(
      `stack ${place.stackName}, resource ${logicalId}${property ? `, property ${property}` : ''}`,
      problem,
    );
  return {
    ...place,
    logicalId,
    constructPath: pathSchema.safeParse(template.Resources[logicalId]?.Metadata).data?.['aws:cdk:path'],
    services,
    error,
    name: (limits) => physicalName({ ...place, logicalId, ...limits }),
    asset(bucketName, objectKey): Asset {
      const found = assets.find(
        (asset) =>
          asset.objectKey === objectKey && resolve({ 'Fn::Sub': asset.bucketName }, scope) === bucketName,
      );
      if (!found) throw error(`there is no asset s3://${bucketName}/${objectKey} in the cloud assembly`);
      return found;
    },
  };
}

const pathSchema = z.object({ 'aws:cdk:path': z.string() });

function deployedResource(
  { Type }: TemplateResource,
  { stackName, logicalId, constructPath: path }: ResourceContext,
  { ref, attributes }: ResourceValues,
): DeployedResource {
  return { stackName, logicalId, type: Type, physicalId: ref, attributes, path };
}

function outputsOf(
  { stackName, template }: StackArtifact,
  scope: StackScope,
  exports: Map<string, string>,
): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [name, { Value, Condition, Export }] of Object.entries(template.Outputs)) {
    at(`stack ${stackName}, output ${name}`, () => {
      if (Condition !== undefined && !scope.condition(Condition)) return;
      outputs[name] = String(resolve(Value, scope));
      if (Export) exports.set(String(resolve(Export.Name, scope)), outputs[name]);
    });
  }
  return outputs;
}

function at<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ValueError) {
      throw new TemplateError([place, ...error.path].join(', '), error.problem);
    }
    throw error;
  }
}
