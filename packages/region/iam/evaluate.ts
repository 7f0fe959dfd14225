import type { ConditionContext, Principal } from './access-request.ts';
import type { Statement } from './statement.ts';

/** What is asked, with the context of the principal in it. */
export interface Question {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
}

/** The policies that have a say. */
export interface Say {
  /** Of the role: inline, attached and AWS's own. None for a service. */
  readonly identity: readonly Statement[];
  /** Of the resource, if it has any. */
  readonly resource: readonly Statement[];
  /**
   * Whether the resource's policy must agree. Within one account it need not, except a KMS key's and a role's trust:
   * these alone decide whether the role's own policies count at all.
   */
  readonly resourceMustAgree: boolean;
  /** Of the role's permissions boundary, if it has one: what it does not allow is refused, whoever allows it. */
  readonly boundary?: readonly Statement[] | undefined;
}

export type Verdict =
  | { readonly kind: 'allowed'; readonly by: readonly Statement[] }
  /** Nothing allows it. */
  | { readonly kind: 'not-allowed'; readonly missing: 'identity' | 'resource' | 'boundary' }
  | { readonly kind: 'forbidden'; readonly by: Statement; readonly in: 'identity' | 'resource' | 'boundary' };

/**
 * AWS's evaluation logic within one account: an explicit Deny anywhere wins, then one Allow is enough, of the role's
 * policies or of a resource's policy that names the role, which its boundary must allow as well.
 */
export function evaluateAccess(
  question: Question,
  { identity, resource, resourceMustAgree, boundary }: Say,
): Verdict {
  const ofRole = identity.filter((statement) => applies(statement, question));
  const ofResource = resource.filter(
    (statement) => statement.names(question.principal) !== 'not' && applies(statement, question),
  );
  const denyOfRole = ofRole.find(({ effect }) => effect === 'Deny');
  if (denyOfRole) return { kind: 'forbidden', by: denyOfRole, in: 'identity' };
  const denyOfResource = ofResource.find(({ effect }) => effect === 'Deny');
  if (denyOfResource) return { kind: 'forbidden', by: denyOfResource, in: 'resource' };

  const ofBoundary = boundary?.filter((statement) => applies(statement, question));
  const denyOfBoundary = ofBoundary?.find(({ effect }) => effect === 'Deny');
  if (denyOfBoundary) return { kind: 'forbidden', by: denyOfBoundary, in: 'boundary' };
  const isBeyondBoundary = ofBoundary?.length === 0;

  const direct = ofResource.filter((statement) => statement.names(question.principal) === 'directly');
  const isLeftToRole = !resourceMustAgree || ofResource.length > 0;
  const isAllowed = direct.length > 0 || (isLeftToRole && ofRole.length > 0);
  if (isAllowed && isBeyondBoundary) return { kind: 'not-allowed', missing: 'boundary' };
  if (direct.length > 0) return { kind: 'allowed', by: [...direct, ...ofRole] };
  if (isAllowed && ofRole.length > 0) return { kind: 'allowed', by: [...ofRole, ...ofResource] };
  return { kind: 'not-allowed', missing: isLeftToRole ? 'identity' : 'resource' };
}

function applies(statement: Statement, { action, resource, context }: Question): boolean {
  return statement.coversAction(action) && statement.coversResource(resource) && statement.isOn(context);
}
