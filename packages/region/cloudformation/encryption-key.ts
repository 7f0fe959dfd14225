import type { ResourceContext } from './resource-type.ts';

/**
 * The ARN of the customer's key that a template names by its ARN or id.
 * @returns undefined for a key of AWS's own, which asks nothing of callers
 * @throws TemplateError for an alias, which nothing here stands behind
 */
export function customerKeyArn(
  named: string | undefined,
  { region, accountId, error }: Pick<ResourceContext, 'region' | 'accountId' | 'error'>,
): string | undefined {
  if (named === undefined || named.startsWith('alias/aws/')) return undefined;
  if (named.includes('alias/')) throw error(`the key alias ${named} is not served: name the key itself`);
  return named.startsWith('arn:') ? named : `arn:aws:kms:${region}:${accountId}:key/${named}`;
}
