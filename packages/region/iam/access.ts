import type { AccessRequest, ConditionContext, Place, Principal } from './access-request.ts';
import { AccessDeniedError, type Denial, denialSentence } from './denial.ts';
import { evaluateAccess, type Question, type Verdict } from './evaluate.ts';
import { nearest } from './nearest.ts';
import type { RoleStore } from './role-store.ts';
import type { Statement } from './statement.ts';

/** Decides what callers may do. */
export interface Authority {
  /** @throws AccessDeniedError for the first of the requests that is not allowed */
  demand(principal: Principal, requests: readonly AccessRequest[]): void;
}

/** For services on their own, without templates: nothing is decided. */
export const unlimited: Authority = { demand: () => undefined };

/** Told of every decision, with what was asked. */
export type DecisionListener = (question: Question, verdict: Verdict) => void;

interface AccessOptions extends Place {
  readonly roles: RoleStore;
  /** Told of everything that is not allowed. */
  readonly onDenied: (denial: Denial) => void;
  readonly onDecision?: DecisionListener | undefined;
}

/** Whether the resource's own policy must agree to what a role's policies allow: a key's, and a role's trust. */
const mustAgree = ({ action }: Question): boolean => action === 'sts:AssumeRole' || action.startsWith('kms:');

/** Decides calls by the policies of the templates, as AWS does within one account. */
export class Access implements Authority {
  readonly #options: AccessOptions;
  /** The statements that cover an action, by role and action: which they are does not depend on anything else. */
  readonly #candidates = new Map<readonly Statement[], Map<string, Statement[]>>();

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  demand(principal: Principal, requests: readonly AccessRequest[]): void {
    for (const request of requests) {
      this.#demand(principal, request);
      for (const use of this.#keyUses(request)) this.#demand(principal, use);
    }
  }

  #demand(principal: Principal, request: AccessRequest): void {
    const { onDecision, onDenied } = this.#options;
    const question = this.#question(principal, request);
    const verdict = this.#decide(question);
    onDecision?.(question, verdict);
    if (verdict.kind === 'allowed') return;
    const denial = this.#denial(question, verdict);
    onDenied(denial);
    throw new AccessDeniedError(denial);
  }

  /** What the service does with the customer's key that encrypts the resource, in the caller's name. */
  #keyUses({ action, resource, keyUse = [] }: AccessRequest): AccessRequest[] {
    const { roles, region, accountId } = this.#options;
    const key = roles.keyOf(holderOf(resource));
    if (key === undefined) return [];
    const service = action.slice(0, action.indexOf(':'));
    const context = {
      'kms:viaservice': `${service}.${region}.amazonaws.com`,
      'kms:calleraccount': accountId,
    };
    return keyUse.map((use) => ({ action: use, resource: key, context }));
  }

  #question(principal: Principal, { action, resource, context }: AccessRequest): Question {
    return { principal, action, resource, context: { ...this.#context(principal, resource), ...context } };
  }

  #context(principal: Principal, resource: string): ConditionContext {
    const { region, accountId } = this.#options;
    const common = {
      // Loopback stands for the TLS that SDKs use in AWS.
      'aws:securetransport': 'true',
      'aws:requestedregion': region,
      'aws:resourceaccount': resource.split(':')[4] || accountId,
    };
    if (principal.kind === 'role') {
      return {
        ...common,
        'aws:principalarn': principal.arn,
        'aws:principalaccount': accountId,
        'aws:principalisawsservice': 'false',
      };
    }
    return {
      ...common,
      'aws:principalisawsservice': 'true',
      ...(principal.sourceArn !== undefined && {
        'aws:sourcearn': principal.sourceArn,
        'aws:sourceaccount': accountId,
      }),
    };
  }

  #decide(question: Question): Verdict {
    const { roles } = this.#options;
    const { principal, action, resource } = question;
    const identity = principal.kind === 'role' ? roles.statementsOfRole(principal.arn) : [];
    return evaluateAccess(question, {
      identity: this.#covering(identity, action),
      resource: this.#covering(roles.statementsOfResource(holderOf(resource)), action),
      resourceMustAgree: mustAgree(question),
      boundary: principal.kind === 'role' ? roles.boundaryOfRole(principal.arn) : undefined,
    });
  }

  #covering(statements: readonly Statement[], action: string): readonly Statement[] {
    if (statements.length === 0) return statements;
    const byAction = this.#candidates.get(statements) ?? new Map<string, Statement[]>();
    const known = byAction.get(action);
    if (known) return known;
    const covering = statements.filter((statement) => statement.coversAction(action));
    this.#candidates.set(statements, byAction.set(action, covering));
    return covering;
  }

  #denial(question: Question, verdict: Exclude<Verdict, { kind: 'allowed' }>): Denial {
    const { principal, action, resource } = question;
    return {
      principal: principal.kind === 'role' ? principal.arn : principal.name,
      action,
      resource,
      message: denialSentence(question, verdict),
      nearest:
        verdict.kind === 'forbidden' ? `${verdict.by.title} forbids it` : this.#nearest(question, verdict),
    };
  }

  #nearest(question: Question, { missing }: Extract<Verdict, { kind: 'not-allowed' }>): string | undefined {
    const { roles } = this.#options;
    const { principal, resource } = question;
    if (principal.kind === 'role' && missing === 'identity') {
      if (!roles.roleByArn(principal.arn)) return `the templates have no role ${principal.arn}`;
      return nearest(roles.statementsOfRole(principal.arn), question);
    }
    if (principal.kind === 'role' && missing === 'boundary')
      return nearest(roles.boundaryOfRole(principal.arn) ?? [], question);
    const naming = roles
      .statementsOfResource(holderOf(resource))
      .filter((statement) => statement.names(principal) !== 'not');
    return nearest(naming, question);
  }
}

/** The resource that has a policy or a key of its own: an object's is its bucket, an index's its table. */
function holderOf(resource: string): string {
  const object = /^(?<bucket>arn:[^:]+:s3:::[^/]+)\//.exec(resource)?.groups?.bucket;
  return (
    object ??
    /^(?<table>arn:[^:]+:dynamodb:[^:]*:[^:]*:table\/[^/]+)\//.exec(resource)?.groups?.table ??
    resource
  );
}
