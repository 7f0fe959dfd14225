import { createHash } from 'node:crypto';

interface PhysicalNameOptions {
  readonly stackName: string;
  /** How often the stack has been created. */
  readonly creation: number;
  readonly logicalId: string;
  /** Longest name that the service takes. */
  readonly maximum: number;
  readonly lowerCase?: boolean;
}

/**
 * A name as CloudFormation gives it, `<stack>-<logical id>-<suffix>`, but with a suffix that is a hash: the next start meets the
 * same resources, and a stack that was deleted and is created again makes others.
 */
export function physicalName({
  stackName,
  creation,
  logicalId,
  maximum,
  lowerCase,
}: PhysicalNameOptions): string {
  const suffix = createHash('sha256')
    .update(`${stackName}/${logicalId}/${creation}`)
    .digest('hex')
    .slice(0, 12);
  const head = `${stackName}-${logicalId}`.slice(0, maximum - suffix.length - 1).replace(/-+$/, '');
  const name = `${head}-${suffix}`;
  return lowerCase ? name.toLowerCase() : name;
}
