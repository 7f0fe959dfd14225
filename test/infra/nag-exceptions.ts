/** A finding of cdk-nag that stands, and why that is right. */
export interface NagException {
  /** As cdk-nag writes it, with the finding in brackets where a rule has several. */
  readonly rule: RegExp;
  /** Path of the construct in the app. */
  readonly at: RegExp;
  readonly reason: string;
  /** What the configuration must ask for; without that the finding does not stand. */
  readonly onlyIf?: 'functions in a network';
}

const store = /^tidemark-dev-store\//;
const workflows = /^tidemark-dev-workflows\//;

/** Findings about the foundation, which every capability shares. */
const foundation: readonly NagException[] = [
  {
    rule: /^AwsSolutions-S1$/,
    at: new RegExp(`${store.source}Stores/(Data|Artifacts|Audit)/`),
    reason:
      'Server access logs are best effort and need a fourth bucket. Every version of every object is kept, each workflow records what it read and wrote by version, and an account that needs more turns on CloudTrail data events.',
  },
  {
    rule: /^(AwsSolutions-SQS3|Serverless-SQSRedrivePolicy)$/,
    at: new RegExp(`${store.source}Undelivered/`),
    reason: 'It is the dead-letter queue itself; its first message rings an alarm.',
  },
  {
    rule: /^(AwsSolutions-SF2|Serverless-StepFunctionStateMachineXray|Serverless-LambdaTracing)$/,
    at: workflows,
    reason:
      'A workflow is a sequence of minutes to hours that its execution history and its log show step by step. X-Ray would add cost and a permission on every resource to show much the same; `tracing` turns it on.',
  },
  {
    rule: /^Serverless-LambdaDLQ$/,
    at: workflows,
    reason:
      'Functions are invoked by state machines, and the one that predicts by its callers, all of which wait for the answer; a dead-letter queue is for asynchronous invocations.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    at: new RegExp(`${workflows.source}\\w+/Workflow/Role/DefaultPolicy/`),
    reason:
      'CDK’s policy for a state machine’s log: CloudWatch’s log delivery actions and X-Ray’s know no resources (Step Functions, Logging using CloudWatch Logs; X-Ray and Step Functions).',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:(logs:.*\/aws\/sagemaker\/\*|ecr:.*repository\/\*)\]$/,
    at: new RegExp(`${store.source}SageMaker/(Jobs|Serving|Serverless)/`),
    reason:
      'SageMaker names a job’s log group and stream after the job; built-in images are in AWS’s accounts and users’ own in theirs, so their repositories are not known here.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    at: new RegExp(`${store.source}SageMaker/(Jobs|Serving|Serverless)/DefaultPolicy/`),
    reason:
      'PutMetricData (limited to SageMaker’s namespaces), GetAuthorizationToken and DescribeAlarms know no resources; network interfaces in a customer’s VPC do not exist before SageMaker makes them.',
  },
  {
    rule: /^Serverless-SNSRedrivePolicy$/,
    at: new RegExp(`${store.source}Alarms/`),
    reason: 'A mail that the provider refuses is not delivered later by a queue; the alarm itself stays on.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::(tidemark-dev-store:ExportsOutput\w+Stores(Data|Artifacts)\w+Arn\w+|<StoresArtifacts\w+\.Arn>)\/[\w-]+\/(\*\/endpoint\/)?\*\]$/,
    at: /^tidemark-dev-(store|workflows)\//,
    reason:
      'All objects under one prefix of one bucket, or all models’ captures of endpoints: keys have models and runs in them, which come and go.',
  },
];

/** Findings about what state machines invoke. */
const versions: readonly NagException[] = [
  {
    rule: /^AwsSolutions-IAM5\[Resource::<\w+Function\w+\.Arn>:\*\]$/,
    at: new RegExp(`${workflows.source}\\w+/Workflow/Role/Resource$`),
    reason:
      'Executions that began before a deployment go on with the versions of functions that they began with, under the same role.',
  },
];

/** Every function's role, and what only a network or traces ask of it. */
const networks: readonly NagException[] = [
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    at: new RegExp(`${workflows.source}\\w+/\\w+/Role/DefaultPolicy/`),
    reason:
      'Network interfaces in a customer’s VPC do not exist before Lambda makes them; X-Ray’s actions know no resources.',
    onlyIf: 'functions in a network',
  },
];

/** Findings about the capabilities. */
const capabilities: readonly NagException[] = [
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:[a-z-]+\/tidemark-dev-\*(-o)?\]$/,
    at: new RegExp(`${workflows.source}(Train|Deploy|Capture)/`),
    reason:
      'Jobs, models and endpoints come and go with models and runs; all of a stage begin with its name, and models that are not isolated end with -o.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:cloudwatch:.*:alarm:tidemark-dev-(model|update)-\*\]$/,
    at: new RegExp(`${workflows.source}(Deploy|Onboard)/Workflow/`),
    reason:
      'Alarms that guard an update come and go with it, and those that watch a model with the model; all of a stage begin with its name.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:scheduler:.*:schedule\/tidemark-dev\/\*\]$/,
    at: new RegExp(`${workflows.source}Onboard/Workflow/`),
    reason: 'Schedules come and go with models; all of a stage are in its group.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    at: new RegExp(`${workflows.source}Deploy/Workflow/Role/Resource$`),
    reason: 'DescribeAlarms knows no resources.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:ecr:.*repository\/\*\]$/,
    at: new RegExp(`${workflows.source}Train/Prepare/Role/DefaultPolicy/Resource$`),
    reason:
      'The digest of a training image is looked up where the image is: in AWS’s account, or in a repository that a definition names.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    at: new RegExp(`${workflows.source}Monitor/Workflow/Role/Resource$`),
    reason: 'PutMetricData knows no resources; a condition limits it to Tidemark’s namespace.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:states:.*:execution:tidemark-\w+-train:\*\]$/,
    at: new RegExp(`${workflows.source}Train/StartRun/Role/DefaultPolicy/Resource$`),
    reason:
      'It looks at the execution of the run that has the model, which is called by a name that Step Functions makes up.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:states:.*:execution:tidemark-\w+-onboard:\*\]$/,
    at: new RegExp(`${workflows.source}Onboard/Workflow/Role/Resource$`),
    reason:
      'The machine’s own executions, one for each model: each is called by a name that Step Functions makes up.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:states:.*:execution:<MonitorWorkflowMachine\w+\.Name>(\/ProfileSlices)?:\*\]$/,
    at: new RegExp(`${workflows.source}Monitor/MapRuns/Resource$`),
    reason:
      'The machine’s own executions, and the children of its distributed map: each is called by a name that Step Functions makes up.',
  },
];

export const nagExceptions = [...foundation, ...capabilities, ...versions, ...networks];
