import { arnPattern } from './arn-pattern.ts';
import type { Question, Verdict } from './evaluate.ts';
import type { RoleStore } from './role-store.ts';
import type { Statement } from './statement.ts';
import { wildcard } from './wildcard.ts';

/** One action of one statement on one of its resources: the least that could be taken away. */
export interface Grant {
  readonly roleArn: string;
  readonly statement: Statement;
  readonly action: string;
  readonly resource: string;
}

/** How a grant fared while the region ran. */
export type Need =
  /** Something would have been refused without it. */
  | 'needed'
  /** It was made use of, and another grant allows the same. */
  | 'double'
  /** Nothing asked for it. */
  | 'unused';

export interface WeighedGrant extends Grant {
  readonly need: Need;
}

/** Keeps what roles were allowed, and says afterwards what of their policies it took. */
export class Usage {
  readonly #allowed = new Map<string, Question>();

  /** To be told of every decision. */
  readonly record = (question: Question, verdict: Verdict): void => {
    if (verdict.kind === 'allowed') this.add(question);
  };

  /** Notes what somebody was allowed; only roles count. */
  add(question: Question): void {
    const { principal, action, resource, context } = question;
    if (principal.kind !== 'role') return;
    this.#allowed.set(JSON.stringify([principal.arn, action, resource, context]), question);
  }

  /** Every distinct thing that a role was allowed. */
  get questions(): readonly Question[] {
    return [...this.#allowed.values()];
  }

  /** Every grant of every role's Allow statements with what it was good for. Those that forbid are left alone. */
  weigh(roles: RoleStore): WeighedGrant[] {
    return roles.roles.flatMap(({ arn }) => {
      const questions = this.questions.filter(
        ({ principal }) => principal.kind === 'role' && principal.arn === arn,
      );
      const grants = roles.statementsOfRole(arn).flatMap((statement) => grantsOf(arn, statement));
      const carriers = questions.map((question) => grants.filter((grant) => carries(grant, question)));
      return grants.map((grant) => ({ ...grant, need: needOf(grant, carriers) }));
    });
  }
}

function grantsOf(roleArn: string, statement: Statement): Grant[] {
  if (statement.effect === 'Deny') return [];
  const { Action = ['*'], Resource = ['*'] } = statement.document;
  return Action.flatMap((action) => Resource.map((resource) => ({ roleArn, statement, action, resource })));
}

function carries({ statement, action, resource }: Grant, question: Question): boolean {
  return (
    wildcard(action, { ignoreCase: true })(question.action) &&
    arnPattern(resource)(question.resource) &&
    statement.coversAction(question.action) &&
    statement.coversResource(question.resource) &&
    statement.isOn(question.context)
  );
}

function needOf(grant: Grant, carriers: readonly (readonly Grant[])[]): Need {
  const uses = carriers.filter((grants) => grants.includes(grant));
  if (uses.length === 0) return 'unused';
  return uses.some((grants) => grants.length === 1) ? 'needed' : 'double';
}
