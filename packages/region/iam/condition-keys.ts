import { PolicyError } from './policy-error.ts';

/**
 * The condition keys that calls of the local region carry wherever AWS's do. A policy that asks for another one is
 * refused: the key would be missing from every call, and the condition would come out wrong without a word.
 */
const keys: Readonly<Record<string, 'single' | 'multi'>> = {
  'aws:principalaccount': 'single',
  'aws:principalarn': 'single',
  'aws:principalisawsservice': 'single',
  'aws:requestedregion': 'single',
  'aws:resourceaccount': 'single',
  'aws:securetransport': 'single',
  'aws:sourceaccount': 'single',
  'aws:sourcearn': 'single',
  'aws:tagkeys': 'multi',
  'cloudwatch:namespace': 'single',
  'dynamodb:enclosingoperation': 'single',
  'events:targetarn': 'multi',
  'iam:passedtoservice': 'single',
  'kms:calleraccount': 'single',
  'kms:grantisforawsresource': 'single',
  'kms:viaservice': 'single',
  's3:delimiter': 'single',
  's3:if-match': 'single',
  's3:if-none-match': 'single',
  's3:max-keys': 'single',
  's3:prefix': 'single',
  's3:versionid': 'single',
  'sagemaker:networkisolation': 'single',
};

/** Keys that end in a name of the caller's own. */
const prefixes = ['aws:requesttag/'];

/**
 * The key as calls carry it, in lower case: case does not count.
 * @throws PolicyError when no call carries it, or when a key of several values is compared as if it had one
 */
export function conditionKey(key: string, asksForSet: boolean): string {
  const name = key.toLowerCase();
  const kind = keys[name] ?? (prefixes.some((prefix) => name.startsWith(prefix)) ? 'single' : undefined);
  if (kind === undefined) throw new PolicyError(`The condition key ${key} is not served.`);
  if (kind === 'multi' && !asksForSet)
    throw new PolicyError(`The condition key ${key} has several values: use ForAllValues or ForAnyValue.`);
  return name;
}
