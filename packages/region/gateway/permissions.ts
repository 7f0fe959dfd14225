import { AwsError } from '../aws-error.ts';
import type { AccessRequest, Place } from '../iam/access-request.ts';

export type Input = Readonly<Record<string, unknown>>;

/**
 * What AWS checks before it does what a call asks, by the Service Authorization Reference. The input is as it came: an
 * operation checks its own input after this.
 */
export type Permissions = PermissionsOf<Input>;
export type PermissionsOf<Request> = (request: Request, place: Place) => readonly AccessRequest[];

/** For an operation that anybody may call. */
export const none: Permissions = () => [];

/** For an action that knows no resources. */
export const onEverything =
  (action: string): Permissions =>
  () => [{ action, resource: '*' }];

/** A text without which nobody can tell what a call is about. @throws AwsError in AWS's words when it is not there */
export function textOf(input: Input, name: string): string {
  const value = input[name];
  if (typeof value === 'string') return value;
  const member = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/** A text that may be missing. */
export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  return typeof value === 'string' ? value : undefined;
}

/** The objects in a list; none when it is missing. */
export function objectsIn(input: Input, name: string): Input[] {
  const value = input[name];
  return Array.isArray(value) ? value.map((entry: unknown) => Object(entry)) : [];
}

/** The texts in a list; none when it is missing. */
export function textsIn(input: Input, name: string): string[] {
  const value = input[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** The members of an object; none when it is missing. */
export const objectIn = (input: Input, name: string): Input => Object(input[name] ?? {});

/** Handing a role to a service: `iam:PassRole`. */
export function passRole(roleArn: string, service: string): AccessRequest {
  return { action: 'iam:PassRole', resource: roleArn, context: { 'iam:passedtoservice': service } };
}
