/** Why a role has what no workflow test needs. The list is closed: a permission that is not here and not needed fails the script. */
export interface UnneededReason {
  /** Of short names such as `DeployWorkflow`. */
  readonly roles: RegExp;
  readonly actions: RegExp;
  readonly reason: string;
}

export const unneededReasons: readonly UnneededReason[] = [
  {
    roles: /./,
    actions: /^(logs|xray|cloudwatch:PutMetricData)/,
    reason:
      'Lambda and Step Functions write logs and traces in AWS; workflow tests run handlers in their own process',
  },
  {
    roles: /Workflow$/,
    actions: /^lambda:InvokeFunction$/,
    reason: 'workflow tests call handlers directly; the whole loops of test/loop*.test.ts invoke them',
  },
];
