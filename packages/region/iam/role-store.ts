import { awsManagedPolicies } from './aws-managed-policies.ts';
import { type PolicyDocument, type PolicyInput, policyDocumentSchema } from './policy-document.schema.ts';
import { PolicyError } from './policy-error.ts';
import { type Statement, statementsOf } from './statement.ts';

export type { PolicyDocument };
export { policyDocumentSchema };

/** A role with everything that says what it may do. */
export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly trust: PolicyDocument;
  /** Inline and attached policies by name. */
  readonly policies: ReadonlyMap<string, PolicyDocument>;
  /** ARNs of managed policies, AWS's own and the template's. */
  readonly managedPolicyArns: readonly string[];
  /** ARN of the policy that limits it. One that the region does not know limits nothing. */
  readonly boundaryArn?: string;
}

interface RoleDraft extends Role {
  readonly policies: Map<string, PolicyDocument>;
  readonly managedPolicyArns: string[];
  readonly trustStatements: readonly Statement[];
  /** Put together when first asked for, and again after a change. */
  statements: readonly Statement[] | undefined;
  boundary: readonly Statement[] | undefined;
}

/** What AWS gives a key whose template names no policy: the account's roles decide. */
const defaultKeyPolicy = (accountId: string): PolicyInput => ({
  Statement: {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${accountId}:root` },
    Action: 'kms:*',
    Resource: '*',
  },
});

/** Everything that a store holds, as JSON takes it. */
export interface PolicySnapshot {
  readonly roles: readonly (Omit<Role, 'policies'> & {
    readonly policies: readonly (readonly [string, PolicyDocument])[];
  })[];
  readonly managedPolicies: readonly (readonly [string, PolicyDocument])[];
  readonly resourcePolicies: readonly (readonly [string, PolicyDocument])[];
  /** Which key encrypts what a resource holds, by the resource's ARN. */
  readonly keys: readonly (readonly [string, string])[];
}

/**
 * The roles and resource policies of the templates. What a policy holds is checked when it comes in.
 * Every method that takes a policy throws `PolicyError` for an element that is not served.
 */
export class RoleStore {
  readonly #roles = new Map<string, RoleDraft>();
  readonly #rolesByArn = new Map<string, RoleDraft>();
  readonly #managedPolicies = new Map<string, PolicyDocument>();
  readonly #resourcePolicies = new Map<string, PolicyDocument>();
  readonly #resourceStatements = new Map<string, Statement[]>();
  readonly #keys = new Map<string, string>();

  /** A store that decides as the one of which the snapshot is. */
  static from({ roles, managedPolicies, resourcePolicies, keys }: PolicySnapshot): RoleStore {
    const store = new RoleStore();
    for (const [arn, document] of managedPolicies) store.putManagedPolicy(arn, document);
    for (const role of roles) store.putRole({ ...role, policies: new Map(role.policies) });
    for (const [resource, document] of resourcePolicies) store.putResourcePolicy(resource, document);
    for (const [resource, key] of keys) store.putKeyOf(resource, key);
    return store;
  }

  snapshot(): PolicySnapshot {
    return {
      roles: [...this.#roles.values()].map(
        ({ name, arn, trust, policies, managedPolicyArns, boundaryArn }) => ({
          name,
          arn,
          trust,
          policies: [...policies],
          managedPolicyArns,
          ...(boundaryArn !== undefined && { boundaryArn }),
        }),
      ),
      managedPolicies: [...this.#managedPolicies],
      resourcePolicies: [...this.#resourcePolicies],
      keys: [...this.#keys],
    };
  }

  putRole(role: Role): void {
    const draft: RoleDraft = {
      ...role,
      policies: new Map(),
      managedPolicyArns: [],
      trustStatements: statementsOf(`the trust policy of ${role.name}`, role.trust),
      statements: undefined,
      boundary: undefined,
    };
    this.#roles.set(role.name, draft);
    this.#rolesByArn.set(role.arn, draft);
    for (const [name, document] of role.policies) this.putRolePolicy(role.name, name, document);
    for (const arn of role.managedPolicyArns) this.attachManagedPolicy(role.name, arn);
  }

  /** @throws Error when there is no such role. */
  putRolePolicy(roleName: string, policyName: string, document: PolicyDocument): void {
    statementsOf(policyName, document);
    const role = this.#named(roleName);
    role.policies.set(policyName, document);
    role.statements = undefined;
  }

  putManagedPolicy(arn: string, document: PolicyDocument): void {
    statementsOf(arn, document);
    this.#managedPolicies.set(arn, document);
    for (const role of this.#roles.values()) {
      role.statements = undefined;
      role.boundary = undefined;
    }
  }

  /** @throws Error when there is no such role; PolicyError when there is no such policy here. */
  attachManagedPolicy(roleName: string, policyArn: string): void {
    this.#managed(policyArn);
    const role = this.#named(roleName);
    role.managedPolicyArns.push(policyArn);
    role.statements = undefined;
  }

  /** @param resource a bucket's, queue's, topic's, key's or function's ARN, with `#` and an id where it has several. */
  putResourcePolicy(resource: string, document: PolicyDocument): void {
    const [arn = resource] = resource.split('#');
    const statements = statementsOf(`the policy of ${arn}`, document);
    this.#resourcePolicies.set(resource, document);
    const isOneOfSeveral = arn !== resource;
    const others = isOneOfSeveral ? (this.#resourceStatements.get(arn) ?? []) : [];
    this.#resourceStatements.set(arn, [...others, ...statements]);
  }

  /** A key of KMS, with AWS's own policy if the template gives none. */
  putKey(arn: string, document: PolicyDocument | undefined): void {
    const accountId = arn.split(':')[4] ?? '';
    this.putResourcePolicy(arn, document ?? policyDocumentSchema.parse(defaultKeyPolicy(accountId)));
  }

  /** Notes which key of KMS encrypts what a bucket, table, queue or topic holds. */
  putKeyOf(resourceArn: string, keyArn: string): void {
    this.#keys.set(resourceArn, keyArn);
  }

  /** The key that encrypts a bucket, table, queue or topic; `undefined` when no customer's key does. */
  keyOf(resourceArn: string): string | undefined {
    return this.#keys.get(resourceArn);
  }

  roleByArn(arn: string): Role | undefined {
    return this.#rolesByArn.get(arn);
  }

  /** Everything that a role's policies state; nothing for a role that does not exist. */
  statementsOfRole(arn: string): readonly Statement[] {
    const role = this.#rolesByArn.get(arn);
    if (!role) return [];
    role.statements ??= [
      ...[...role.policies].flatMap(([name, document]) => statementsOf(`${role.name}/${name}`, document)),
      ...role.managedPolicyArns.flatMap((policyArn) => statementsOf(policyArn, this.#managed(policyArn))),
    ];
    return role.statements;
  }

  /** What a role's permissions boundary states; `undefined` without one, or where the region does not know the policy. */
  boundaryOfRole(arn: string): readonly Statement[] | undefined {
    const role = this.#rolesByArn.get(arn);
    const boundary =
      role?.boundaryArn === undefined ? undefined : this.#managedPolicies.get(role.boundaryArn);
    if (!role || !boundary) return undefined;
    role.boundary ??= statementsOf(`the boundary ${role.boundaryArn}`, boundary);
    return role.boundary;
  }

  /** What a resource's own policy states: a role's is its trust policy. */
  statementsOfResource(arn: string): readonly Statement[] {
    return this.#rolesByArn.get(arn)?.trustStatements ?? this.#resourceStatements.get(arn) ?? [];
  }

  get roles(): readonly Role[] {
    return [...this.#roles.values()];
  }

  get managedPolicies(): ReadonlyMap<string, PolicyDocument> {
    return this.#managedPolicies;
  }

  get resourcePolicies(): ReadonlyMap<string, PolicyDocument> {
    return this.#resourcePolicies;
  }

  #managed(arn: string): PolicyDocument {
    const own = this.#managedPolicies.get(arn);
    if (own) return own;
    const aws = Object.hasOwn(awsManagedPolicies, arn) ? awsManagedPolicies[arn] : undefined;
    if (aws) return policyDocumentSchema.parse(aws);
    throw new PolicyError(
      `The managed policy ${arn} is not known: see packages/region/iam/aws-managed-policies.ts.`,
    );
  }

  #named(roleName: string): RoleDraft {
    const role = this.#roles.get(roleName);
    if (!role) throw new Error(`There is no role ${roleName}.`);
    return role;
  }
}
