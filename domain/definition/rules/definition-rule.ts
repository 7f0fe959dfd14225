import type { Definition } from '../definition.schema.ts';
import type { Path, UnplacedFinding } from '../definition-finding.ts';
import type { ImageLimits } from '../image-limits.ts';

/** Limits of the deployment that a definition must keep to; set in `cdk.json`. */
export interface DefinitionLimits extends ImageLimits {
  /** Concurrent invocations that the account grants all serverless endpoints together. */
  readonly serverlessMaxConcurrency: number;
  readonly trainingMinutes: number;
}

/** What a rule looks at. */
export interface DefinitionFacts {
  /** With every default filled in. */
  readonly definition: Definition;
  /** Whether the user wrote the field, rather than leaving it to its default. */
  readonly has: (path: Path) => boolean;
  readonly limits: DefinitionLimits;
}

/** A rule about fields that must agree with one another, or with the deployment. */
export type DefinitionRule = (facts: DefinitionFacts) => readonly UnplacedFinding[];
