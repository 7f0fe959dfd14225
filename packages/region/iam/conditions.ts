import type { ConditionContext } from './access-request.ts';
import { arnPattern } from './arn-pattern.ts';
import { conditionKey } from './condition-keys.ts';
import type { StatementDocument } from './policy-document.schema.ts';
import { PolicyError } from './policy-error.ts';
import { type Fits, wildcard } from './wildcard.ts';

/** One operator on one key, ready to be asked. */
export interface Condition {
  /** As the policy has it, such as `StringLike s3:prefix incoming/*`. */
  readonly text: string;
  readonly key: string;
  holds(context: ConditionContext): boolean;
}

interface Operator {
  /** Whether a value of the call fits one of the policy's. */
  readonly fits: (wanted: string) => Fits;
  /** Whether it asks that none fits; a call without the key then fulfils it. */
  readonly isNegated: boolean;
}

const same = (wanted: string): Fits => wildcardFree(wanted, (text) => text === wanted);
const sameInAnyCase = (wanted: string): Fits =>
  wildcardFree(wanted, (text) => text.toLowerCase() === wanted.toLowerCase());
const like = (wanted: string): Fits => wildcard(wanted);

/** By name. ArnEquals takes wildcards too, as ArnLike. */
const operators: Readonly<Record<string, Operator>> = {
  StringEquals: { fits: same, isNegated: false },
  StringNotEquals: { fits: same, isNegated: true },
  StringEqualsIgnoreCase: { fits: sameInAnyCase, isNegated: false },
  StringNotEqualsIgnoreCase: { fits: sameInAnyCase, isNegated: true },
  StringLike: { fits: like, isNegated: false },
  StringNotLike: { fits: like, isNegated: true },
  ArnEquals: { fits: arnPattern, isNegated: false },
  ArnLike: { fits: arnPattern, isNegated: false },
  ArnNotEquals: { fits: arnPattern, isNegated: true },
  ArnNotLike: { fits: arnPattern, isNegated: true },
  Bool: { fits: sameInAnyCase, isNegated: false },
};

const namePattern = /^(?:(?<set>ForAllValues|ForAnyValue):)?(?<operator>[A-Za-z]+?)(?<ifExists>IfExists)?$/;

/** All of a statement's conditions; every one must hold. @throws PolicyError for what is not served */
export function conditionsOf({ Condition }: Pick<StatementDocument, 'Condition'>): Condition[] {
  return Object.entries(Condition).flatMap(([name, block]) =>
    Object.entries(block).map(([key, values]) => conditionOf(name, key, values)),
  );
}

function conditionOf(name: string, key: string, values: readonly string[]): Condition {
  const { set, operator: operatorName = '', ifExists } = namePattern.exec(name)?.groups ?? {};
  const text = `${name} ${key} ${values.join(', ')}`;
  const known = conditionKey(key, set !== undefined || operatorName === 'Null');
  if (name === 'Null') return { text, key: known, holds: nullTest(known, values) };
  const operator = Object.hasOwn(operators, operatorName) ? operators[operatorName] : undefined;
  if (operator === undefined) throw new PolicyError(`The condition operator ${name} is not served.`);
  const fits = values.map(operator.fits);
  const passes: Fits = (value) => fits.some((isFit) => isFit(value)) !== operator.isNegated;
  const whenMissing =
    ifExists !== undefined || set === 'ForAllValues' || (operator.isNegated && set === undefined);
  return {
    text,
    key: known,
    holds(context) {
      const value = context[known];
      if (value === undefined) return whenMissing;
      const given = typeof value === 'string' ? [value] : value;
      return set === 'ForAnyValue' ? given.some(passes) : given.every(passes);
    },
  };
}

/** `"true"` asks that the call has no such key, `"false"` that it has one. */
function nullTest(key: string, values: readonly string[]): Condition['holds'] {
  const [wanted] = values;
  if (values.length !== 1 || (wanted !== 'true' && wanted !== 'false'))
    throw new PolicyError(`The condition operator Null takes true or false, not '${values.join(', ')}'.`);
  return (context) => (context[key] === undefined) === (wanted === 'true');
}

/** Text that is compared as it stands must not contain what AWS would replace. */
function wildcardFree(wanted: string, fits: Fits): Fits {
  if (wanted.includes('${')) throw new PolicyError(`The policy variable in '${wanted}' is not served.`);
  return fits;
}
