import type { ConditionContext, Principal } from './access-request.ts';
import { arnPattern } from './arn-pattern.ts';
import { type Condition, conditionsOf } from './conditions.ts';
import type { PolicyDocument, StatementDocument } from './policy-document.schema.ts';
import { type Named, principalsOf } from './principals.ts';
import { type Fits, wildcard } from './wildcard.ts';

/** One statement of a policy, ready to be asked. */
export interface Statement {
  /** Where it stands: `statement 2 of IngestWorkflow/workflow`, with its Sid if it has one. */
  readonly title: string;
  readonly document: StatementDocument;
  readonly effect: 'Allow' | 'Deny';
  readonly conditions: readonly Condition[];
  coversAction(action: string): boolean;
  coversResource(resource: string): boolean;
  names(principal: Principal): Named;
  isOn(context: ConditionContext): boolean;
}

/**
 * The statements of a policy.
 * @param policyName for messages
 * @throws PolicyError for anything that is not served, in any of them
 */
export function statementsOf(policyName: string, { Statement }: PolicyDocument): Statement[] {
  return Statement.map((document, index) => {
    const sid = document.Sid === undefined ? '' : ` (${document.Sid})`;
    return compiled(document, `statement ${index + 1}${sid} of ${policyName}`);
  });
}

function compiled(document: StatementDocument, title: string): Statement {
  const conditions = conditionsOf(document);
  return {
    title,
    document,
    effect: document.Effect,
    conditions,
    coversAction: covering(document.Action, document.NotAction, (action) =>
      wildcard(action, { ignoreCase: true }),
    ),
    // Trust policies name no resource: theirs is the role they are on.
    coversResource: covering(
      document.Resource ?? (document.NotResource ? undefined : ['*']),
      document.NotResource,
      arnPattern,
    ),
    names: principalsOf(document),
    isOn: (context) => conditions.every((condition) => condition.holds(context)),
  };
}

function covering(
  wanted: readonly string[] | undefined,
  unwanted: readonly string[] | undefined,
  pattern: (text: string) => Fits,
): Fits {
  const fits = (wanted ?? unwanted ?? []).map(pattern);
  return wanted === undefined
    ? (text) => !fits.some((covers) => covers(text))
    : (text) => fits.some((covers) => covers(text));
}
