import { createHash } from 'node:crypto';

interface PhysicalNameOptions {
  readonly stackName: string;
  readonly logicalId: string;
  /** Longest name that the service takes. */
  readonly maximum: number;
  readonly lowerCase?: boolean;
}

/**
 * A name as CloudFormation gives it, `<stack>-<logical id>-<suffix>`, but with a suffix that is a hash of both: the next
 * start meets the same resources.
 */
export function physicalName({ stackName, logicalId, maximum, lowerCase }: PhysicalNameOptions): string {
  const suffix = createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex').slice(0, 12);
  const head = `${stackName}-${logicalId}`.slice(0, maximum - suffix.length - 1).replace(/-+$/, '');
  const name = `${head}-${suffix}`;
  return lowerCase ? name.toLowerCase() : name;
}
