import { AwsError } from '../aws-error.ts';
import type { Principal } from './access-request.ts';
import type { Question, Verdict } from './evaluate.ts';

/** A request that the templates' policies do not allow, as whoever runs the region is told. */
export interface Denial {
  /** The role, or the service that asked on its own account. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** AWS's own sentence. */
  readonly message: string;
  /** Which statement came nearest, or forbids it. */
  readonly nearest: string | undefined;
}

/** AWS's answer to a call that its caller may not make. Each protocol has a code and a status of its own for it. */
export class AccessDeniedError extends AwsError {
  constructor(
    readonly denial: Denial,
    code = 'AccessDeniedException',
    statusCode = 400,
    message = denial.message,
  ) {
    super(code, message, statusCode);
  }
}

/** Why a verdict is not `allowed`, in AWS's words. */
export function denialSentence(
  { principal, action, resource }: Question,
  verdict: Exclude<Verdict, { kind: 'allowed' }>,
): string {
  const on = resource === '*' ? '' : ` on resource: ${resource}`;
  const why =
    verdict.kind === 'forbidden'
      ? `with an explicit deny in ${article(verdict.in)}`
      : `because no ${kindOfPolicy[verdict.missing]} allows the ${action} action`;
  return `${nameOf(principal)} is not authorized to perform: ${action}${on} ${why}`;
}

/** The session that AWS would name. A session here has no name of its own. */
function nameOf(principal: Principal): string {
  if (principal.kind === 'service') return `Service: ${principal.name}`;
  const [, , , , account = '', path = ''] = principal.arn.split(':');
  return `User: arn:aws:sts::${account}:assumed-role/${path.split('/').at(-1)}/local`;
}

const kindOfPolicy = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  boundary: 'permissions boundary',
} as const;

const article = (kind: keyof typeof kindOfPolicy) =>
  `${kind === 'identity' ? 'an' : 'a'} ${kindOfPolicy[kind]}`;
