import * as z from 'zod';
import type { Asset } from './cloud-assembly.ts';
import type { RegionServices } from './region-services.ts';
import type { ResourceValues, StackPlace } from './stack-scope.ts';
import type { TemplateError } from './template-error.ts';

/** What a resource type knows of the resource that it makes. */
export interface ResourceContext extends StackPlace {
  readonly logicalId: string;
  /** Where the CDK made it, such as `my-app/Train/Machine/Resource`. */
  readonly constructPath: string | undefined;
  readonly services: RegionServices;
  /**
   * Whether the last deployment had the same properties: CloudFormation then does nothing, whatever somebody has made of the resource
   * since. Not so when drift is to be reverted.
   */
  readonly isUnchanged: boolean;
  /** A name for a resource whose template gives none: the same at every start. */
  name(limits: { maximum: number; lowerCase?: boolean }): string;
  /** The file or directory that the CDK would have uploaded there. @throws TemplateError */
  asset(bucketName: string, objectKey: string): Asset;
  /** An error that names this resource, and the property if given. */
  error(problem: string, property?: string): TemplateError;
}

/** One type of resource: which properties it takes, and how it comes to be. */
export interface ResourceType {
  readonly type: string;
  /** Makes the resource, or brings an existing one up to date; what it holds stays. Repeatable. */
  apply(properties: unknown, context: ResourceContext): Promise<ResourceValues>;
  /** What its service has of it; `undefined` when it is gone. Only for what services keep, and people can change or delete. */
  read?(physicalId: string, services: RegionServices): Promise<unknown>;
  /** Takes away a resource that the template no longer has. Without it there is nothing to take away. */
  remove?(physicalId: string, services: RegionServices): Promise<void>;
}

/** A resource that its service keeps from one start to the next. */
interface Kept<Properties> {
  /** Makes it in its service, or changes it there. Not called while its properties are those of the last deployment. */
  put(properties: Properties, context: ResourceContext): Promise<void>;
  /** What its service has of it, as far as templates say it; `undefined` when it is gone. */
  read(physicalId: string, services: RegionServices): Promise<unknown>;
}

interface ResourceTypeOptions<Shape extends z.ZodRawShape> {
  readonly type: `AWS::${string}::${string}`;
  /** Properties that are served. Any other makes the deployment fail. */
  readonly properties: Shape;
  /** Properties that are read and left aside, each with the reason why that changes nothing on a laptop. */
  readonly ignored?: Readonly<Record<string, string>>;
  /** For a resource that its service keeps. What is in memory only is made by `apply`. */
  readonly kept?: Kept<z.infer<z.ZodObject<Shape>>>;
  /** At every start: makes what is in memory only. @returns what others may refer to */
  apply(properties: z.infer<z.ZodObject<Shape>>, context: ResourceContext): Promise<ResourceValues>;
  remove?(physicalId: string, services: RegionServices): Promise<void>;
}

/** Defines a resource type whose properties are checked strictly: what is not listed is refused, never skipped. */
export function resourceType<Shape extends z.ZodRawShape>(options: ResourceTypeOptions<Shape>): ResourceType {
  const { type, ignored = {}, kept, remove } = options;
  const schema = z.strictObject(options.properties);
  return {
    type,
    async apply(properties, context) {
      const considered = Object.entries(properties ?? {}).filter(([name]) => !Object.hasOwn(ignored, name));
      const result = schema.safeParse(Object.fromEntries(considered));
      if (!result.success) throw propertyError(type, result.error, context);
      if (!context.isUnchanged) await kept?.put(result.data, context);
      return await options.apply(result.data, context);
    },
    ...(kept && { read: kept.read }),
    ...(remove && { remove }),
  };
}

function propertyError(type: string, error: z.ZodError, context: ResourceContext): TemplateError {
  const [issue] = error.issues;
  const path = (issue?.path ?? []).map(String);
  if (issue?.code === 'unrecognized_keys') {
    const property = [...path, issue.keys[0]].join('.');
    return context.error(
      `the local region does not serve this property of ${type}. See packages/region/SUPPORT.md.`,
      property,
    );
  }
  return context.error(`${type}: ${issue?.message ?? error.message}`, path.join('.'));
}
