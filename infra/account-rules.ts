import { Aspects, Aws, Fn, type IAspect, Stack, Tags } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { Config } from './config.schema.ts';

/** Makes everything below a construct as the account demands it: tags, and where roles are, how they are called and what limits them. */
export function applyAccountRules(scope: IConstruct, { roles, tags }: Pick<Config, 'roles' | 'tags'>): void {
  for (const [key, value] of Object.entries(tags)) Tags.of(scope).add(key, value);
  Aspects.of(scope).add(new RoleRules(roles));
}

/** Names of roles have at most 64 characters. */
const longestName = 64;

class RoleRules implements IAspect {
  readonly #roles: Config['roles'];

  constructor(roles: Config['roles']) {
    this.#roles = roles;
  }

  visit(node: IConstruct): void {
    const { path, namePrefix, permissionsBoundary } = this.#roles;
    if (path !== '/' && (node instanceof CfnRole || node instanceof CfnManagedPolicy)) node.path = path;
    if (!(node instanceof CfnRole)) return;
    if (permissionsBoundary !== undefined) node.permissionsBoundary = policyArn(permissionsBoundary);
    if (namePrefix !== undefined) node.roleName = prefixed(namePrefix, node);
  }
}

function policyArn(nameOrArn: string): string {
  if (nameOrArn.startsWith('arn:')) return nameOrArn;
  return `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:policy/${nameOrArn}`;
}

/**
 * A role that has a name keeps it behind the prefix. Another gets one as CloudFormation makes them, different for every stack that is
 * created: its logical id and the last part of the stack's.
 */
function prefixed(prefix: string, role: CfnRole): string {
  const stack = Stack.of(role);
  // A token that may stand for no name at all.
  if (stack.resolve(role.roleName) !== undefined) return `${prefix}${role.roleName}`;
  const suffix = Fn.select(4, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
  const logicalId = String(stack.resolve(role.logicalId));
  // The end of a logical id is what no other has.
  const room = longestName - prefix.length - '-'.length - 'fedcba987654'.length;
  return `${prefix}${logicalId.length > room ? logicalId.slice(0, room - 8) + logicalId.slice(-8) : logicalId}-${suffix}`;
}
