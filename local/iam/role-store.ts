import { z } from 'zod';

const documentSchema = z.looseObject({ Statement: z.union([z.array(z.unknown()), z.looseObject({})]) });
/** A policy document as a template has it, all values worked out. */
export type PolicyDocument = z.infer<typeof documentSchema>;
export const policyDocumentSchema = documentSchema;

/** A role with everything that says what it may do. */
export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly trust: PolicyDocument;
  /** Inline and attached policies by name. */
  readonly policies: ReadonlyMap<string, PolicyDocument>;
  /** ARNs of managed policies, AWS's own and the template's. */
  readonly managedPolicyArns: readonly string[];
}

interface RoleDraft extends Role {
  readonly policies: Map<string, PolicyDocument>;
  readonly managedPolicyArns: string[];
}

/**
 * The roles and resource policies of the templates. They are recorded, and every call names its role; no call is decided
 * by them yet.
 */
export class RoleStore {
  readonly #roles = new Map<string, RoleDraft>();
  readonly #managedPolicies = new Map<string, PolicyDocument>();
  readonly #resourcePolicies = new Map<string, PolicyDocument>();

  putRole(role: Role): void {
    this.#roles.set(role.name, {
      ...role,
      policies: new Map(role.policies),
      managedPolicyArns: [...role.managedPolicyArns],
    });
  }

  /** @throws Error when there is no such role. */
  putRolePolicy(roleName: string, policyName: string, document: PolicyDocument): void {
    this.#named(roleName).policies.set(policyName, document);
  }

  putManagedPolicy(arn: string, document: PolicyDocument): void {
    this.#managedPolicies.set(arn, document);
  }

  /** @throws Error when there is no such role. */
  attachManagedPolicy(roleName: string, policyArn: string): void {
    this.#named(roleName).managedPolicyArns.push(policyArn);
  }

  /** @param resource a bucket's, queue's, topic's or function's ARN with what follows it. */
  putResourcePolicy(resource: string, document: PolicyDocument): void {
    this.#resourcePolicies.set(resource, document);
  }

  roleByArn(arn: string): Role | undefined {
    return [...this.#roles.values()].find((role) => role.arn === arn);
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

  #named(roleName: string): RoleDraft {
    const role = this.#roles.get(roleName);
    if (!role) throw new Error(`There is no role ${roleName}.`);
    return role;
  }
}
