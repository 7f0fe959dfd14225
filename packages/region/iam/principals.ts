import type { Principal } from './access-request.ts';
import type { StatementDocument } from './policy-document.schema.ts';
import { PolicyError } from './policy-error.ts';

/**
 * How a statement of a resource's policy names who asks: by name or with everybody, or only by the account, which
 * then leaves the decision to the policies of its roles.
 */
export type Named = 'directly' | 'by-account' | 'not';

/** @throws PolicyError for principals that no call here has, such as sessions and federated users */
export function principalsOf({ Principal: element }: StatementDocument): (principal: Principal) => Named {
  if (element === undefined) return () => 'not';
  if (element === '*') return () => 'directly';
  const aws = element.AWS ?? [];
  for (const name of aws) assertServed(name);
  const services = element.Service ?? [];
  return (principal) => {
    if (aws.includes('*')) return 'directly';
    if (principal.kind === 'service') return services.includes(principal.name) ? 'directly' : 'not';
    if (aws.includes(principal.arn)) return 'directly';
    return aws.some((name) => isAccountOf(name, principal.arn)) ? 'by-account' : 'not';
  };
}

const rolePattern = /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/;
const accountPattern = /^(?:arn:aws[a-z-]*:iam::(?<root>\d{12}):root|(?<id>\d{12}))$/;

function assertServed(name: string): void {
  if (name === '*' || (rolePattern.test(name) && !name.includes('*')) || accountPattern.test(name)) return;
  throw new PolicyError(`The principal ${name} is not served: only roles, accounts, services and '*' are.`);
}

function isAccountOf(name: string, roleArn: string): boolean {
  const { root, id } = accountPattern.exec(name)?.groups ?? {};
  const account = root ?? id;
  return account !== undefined && account === roleArn.split(':')[4];
}
