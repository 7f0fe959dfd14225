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
  {
    roles: /./,
    actions: /^dynamodb:(GetItem|PutItem|UpdateItem|DeleteItem|ConditionCheckItem|Query)$/,
    reason: 'the registry is granted as read or as read-write, not action by action',
  },
  {
    roles: /./,
    actions: /^s3:GetObject(Version)?$/,
    reason:
      'both are granted to every reader: AWS asks for one or the other, by whether the request names a version',
  },
  {
    roles: /./,
    actions: /^s3:ListBucket(Versions)?$/,
    reason: 'lets a reader learn that an object is missing; without it AWS answers 403 instead of 404',
  },
  {
    roles: /./,
    actions: /^s3:AbortMultipartUpload$/,
    reason: 'takes back a large upload that failed half-way',
  },
  {
    roles: /Workflow$/,
    actions: /^events:(PutRule|PutTargets|DescribeRule)$/,
    reason: 'Step Functions keeps a rule of its own for tasks that wait for a job (.sync)',
  },
  {
    roles: /Workflow$/,
    actions:
      /^(sagemaker:Stop(Training|Transform)Job|states:(StopExecution|DescribeExecution|RedriveExecution))$/,
    reason:
      'Step Functions ends or follows the jobs and children of an execution that is stopped or redriven',
  },
];
