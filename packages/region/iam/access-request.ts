/** What a call brings for conditions, by key in lower case. A key that is not there is missing from the call. */
export type ConditionContext = Readonly<Record<string, string | readonly string[]>>;

/** One thing that AWS checks before it does what a call asks. */
export interface AccessRequest {
  /** `s3:GetObject` */
  readonly action: string;
  /** An ARN; `*` for actions that know no resources. */
  readonly resource: string;
  readonly context?: ConditionContext;
  /** What the service then does with the resource's own key, as the caller, if a customer's key encrypts it: `kms:Decrypt`. */
  readonly keyUse?: readonly string[];
}

/** Who asks: a session of a role, or a service on its own account. The person at the laptop is never asked. */
export type Principal =
  | { readonly kind: 'role'; readonly arn: string }
  | {
      readonly kind: 'service';
      /** `events.amazonaws.com` */
      readonly name: string;
      /** The resource for which the service acts. */
      readonly sourceArn?: string;
    };

/** Where calls are decided, and what ARNs of a call's own account are made of. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}
