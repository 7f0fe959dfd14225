import {
  captureKeys,
  retrainingKeys,
  runKeys,
  sagemakerModelNames,
  windowKeys,
} from '@tidemark/domain/names.ts';
import { describe, expect, it } from 'vitest';
import { policiesOf } from '../support/resolved-policies.ts';
import { synthesise } from '../support/templates.ts';

const repository = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn';
const strict = synthesise();
const listed = synthesise({ limits: { images: [repository, `${repository}-team/*`] } });
const open = synthesise({ limits: { images: [repository], networkIsolation: 'where-allowed' } });

const own = runKeys('churn', '0123456789');
const other = runKeys('fraud', '9876543210');
const live = runKeys('fraud', 'aaaaaaaaaa');
const artifacts = (key: string) => `arn:aws:s3:::artifacts/${key}`;

/** Whether a container may read and write an object, that has the credentials of its role. */
interface Reach {
  readonly what: string;
  readonly object: string;
  readonly Jobs: 'rw' | 'r' | 'w' | '-';
  readonly Serving: 'rw' | 'r' | 'w' | '-';
  readonly Serverless: 'rw' | 'r' | 'w' | '-';
}

const reach: readonly Reach[] = [
  {
    what: 'the own run’s training rows',
    object: artifacts(own.train),
    Jobs: 'r',
    Serving: '-',
    Serverless: '-',
  },
  {
    what: 'the own run’s validation rows',
    object: artifacts(own.validation),
    Jobs: 'r',
    Serving: '-',
    Serverless: '-',
  },
  {
    what: 'the own hold-out without labels',
    object: artifacts(own.holdoutFeatures),
    Jobs: 'r',
    Serving: '-',
    Serverless: '-',
  },
  {
    what: 'the own hold-out’s labels',
    object: artifacts(own.holdoutRows),
    Jobs: '-',
    Serving: '-',
    Serverless: '-',
  },
  {
    what: 'what the own training writes',
    object: artifacts(`${own.modelPrefix}job/output/model.tar.gz`),
    Jobs: 'w',
    Serving: '-',
    Serverless: '-',
  },
  {
    what: 'the own scores',
    object: artifacts(`${own.scoresPrefix('challenger')}features.csv.out`),
    Jobs: 'w',
    Serving: '-',
    Serverless: '-',
  },
  { what: 'the own artifact', object: artifacts(own.artifact), Jobs: 'r', Serving: 'r', Serverless: 'r' },
  { what: 'the own evaluation', object: artifacts(own.evaluation), Jobs: '-', Serving: '-', Serverless: '-' },
  {
    what: 'the own smoke rows, by which the endpoint is proven',
    object: artifacts(own.smoke),
    Jobs: '-',
    Serving: '-',
    Serverless: '-',
  },
  { what: 'the own baseline', object: artifacts(own.baseline), Jobs: '-', Serving: '-', Serverless: '-' },
  // Without isolation alone: docs/threat-model.md, what remains possible.
  {
    what: 'another run’s training rows',
    object: artifacts(other.train),
    Jobs: 'r',
    Serving: '-',
    Serverless: '-',
  },
  {
    what: 'what another training writes',
    object: artifacts(`${other.modelPrefix}job/output/model.tar.gz`),
    Jobs: 'w',
    Serving: '-',
    Serverless: '-',
  },
  {
    what: 'another hold-out’s labels',
    object: artifacts(other.holdoutRows),
    Jobs: '-',
    Serving: '-',
    Serverless: '-',
  },
  {
    what: 'another model’s live artifact',
    object: artifacts(live.artifact),
    Jobs: 'r',
    Serving: 'r',
    Serverless: 'r',
  },
  {
    what: 'another model’s evaluation',
    object: artifacts(other.evaluation),
    Jobs: '-',
    Serving: '-',
    Serverless: '-',
  },
  {
    what: 'another model’s captures of the function',
    object: artifacts(`${captureKeys('fraud').byFunction}2026/11/30/10/x.gz`),
    Jobs: '-',
    Serving: '-',
    Serverless: '-',
  },
  {
    what: 'such a capture that is called like an endpoint’s',
    object: artifacts(`${captureKeys('fraud').byFunction}2026/11/30/10/endpoint/x.jsonl`),
    Jobs: '-',
    Serving: '-',
    Serverless: '-',
  },
  {
    what: 'another model’s captures of an endpoint',
    object: artifacts(`${captureKeys('fraud').byVersion(3)}e/primary/x.jsonl`),
    Jobs: '-',
    Serving: 'w',
    Serverless: '-',
  },
  {
    what: 'a retraining’s rows',
    object: artifacts(retrainingKeys('fraud', 'r').rows),
    Jobs: '-',
    Serving: '-',
    Serverless: '-',
  },
  {
    what: 'a window’s report',
    object: artifacts(windowKeys('fraud', 'w').report),
    Jobs: '-',
    Serving: '-',
    Serverless: '-',
  },
  {
    what: 'raw data',
    object: 'arn:aws:s3:::data/incoming/fraud/x.csv',
    Jobs: '-',
    Serving: '-',
    Serverless: '-',
  },
  {
    what: 'labels',
    object: 'arn:aws:s3:::data/labels/fraud/x.csv',
    Jobs: '-',
    Serving: '-',
    Serverless: '-',
  },
  {
    what: 'definitions',
    object: 'arn:aws:s3:::data/definitions/fraud.yaml',
    Jobs: '-',
    Serving: '-',
    Serverless: '-',
  },
  {
    what: 'audit records',
    object: 'arn:aws:s3:::audit/fraud/x.json',
    Jobs: '-',
    Serving: '-',
    Serverless: '-',
  },
];
const roles = ['Jobs', 'Serving', 'Serverless'] as const;

describe.each(roles)('a container with the credentials of the role %s', (role) => {
  const configurations = { strict, listed, open };

  it.each(reach)('reaches $what no further than it must', (row) => {
    for (const { store } of Object.values(configurations)) {
      const policies = policiesOf(store, new RegExp(`^SageMaker${role}`));

      expect(policies.allows('s3:GetObject', row.object)).toBe(row[role].includes('r'));
      expect(policies.allows('s3:PutObject', row.object)).toBe(row[role].includes('w'));
      for (const action of ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutObjectAcl']) {
        expect(policies.allows(action, row.object)).toBe(false);
      }
    }
  });

  it('lists what it reads, and neither the whole bucket nor what is beside it', () => {
    const { allows } = policiesOf(strict.store, new RegExp(`^SageMaker${role}`));
    const lists = (prefix?: string) =>
      allows('s3:ListBucket', 'arn:aws:s3:::artifacts', prefix === undefined ? {} : { 's3:prefix': prefix });

    expect(lists(own.artifact)).toBe(true);
    for (const prefix of [undefined, '', 'runs/', 'captures/', own.holdoutRows, 'm'])
      expect(lists(prefix)).toBe(false);
  });

  it('does nothing with the registry, functions, workflows, events or other roles', () => {
    const { allows } = policiesOf(strict.store, new RegExp(`^SageMaker${role}`));

    for (const action of [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'lambda:InvokeFunction',
      'states:StartExecution',
      'events:PutEvents',
      'sagemaker:CreateModel',
      'iam:PassRole',
      'sts:AssumeRole',
    ]) {
      expect(allows(action, '*')).toBe(false);
    }
  });
});

describe('the image of a container', () => {
  const arnOf = (name: string, account = '111122223333') =>
    `arn:aws:ecr:eu-west-1:${account}:repository/${name}`;
  const builtIn = arnOf('sagemaker-xgboost', '141502667606');
  const pulls = (templates: typeof strict, role: string, image: string) =>
    policiesOf(templates.store, new RegExp(`^SageMaker${role}`)).allows('ecr:BatchGetImage', image);

  it.each([
    { image: builtIn, strict: 'all', listed: 'all', open: 'all' },
    { image: arnOf('churn'), strict: 'isolated', listed: 'isolated', open: 'all' },
    { image: arnOf('churn-team/a'), strict: 'isolated', listed: 'isolated', open: 'none' },
    { image: arnOf('churn-team-b'), strict: 'isolated', listed: 'none', open: 'none' },
    { image: arnOf('other'), strict: 'isolated', listed: 'none', open: 'none' },
    { image: arnOf('churn', '999999999999'), strict: 'isolated', listed: 'none', open: 'none' },
    { image: arnOf('sagemaker-xgboost'), strict: 'isolated', listed: 'none', open: 'none' },
  ])('$image is pulled by roles that its repository is allowed for', (expected) => {
    for (const [name, templates] of Object.entries({ strict, listed, open })) {
      const who = expected[name === 'strict' ? 'strict' : name === 'listed' ? 'listed' : 'open'];

      expect(pulls(templates, 'Jobs', expected.image)).toBe(who !== 'none');
      expect(pulls(templates, 'Serving', expected.image)).toBe(who !== 'none');
      // SageMaker cannot isolate these.
      expect(pulls(templates, 'Serverless', expected.image)).toBe(who === 'all');
    }
  });
});

describe('the machine that trains', () => {
  const names = sagemakerModelNames('dev', 'churn', '0123456789');
  const sagemaker = (kind: string, name: string) =>
    `arn:aws:sagemaker:eu-west-1:111122223333:${kind}/${name}`;
  const isolated = { 'sagemaker:networkisolation': 'true' };
  const notIsolated = { 'sagemaker:networkisolation': 'false' };
  const of = ({ workflows }: typeof strict) => policiesOf(workflows, /^TrainWorkflowRole/);

  it.each([
    { action: 'sagemaker:CreateTrainingJob', resource: sagemaker('training-job', names.served) },
    { action: 'sagemaker:CreateModel', resource: sagemaker('model', names.scored) },
    { action: 'sagemaker:CreateModel', resource: sagemaker('model', names.served) },
  ])(
    'starts $action $resource isolated only, unless the deployment lets images run without',
    ({ action, resource }) => {
      for (const templates of [strict, listed]) {
        expect(of(templates).allows(action, resource, isolated)).toBe(true);
        expect(of(templates).allows(action, resource, notIsolated)).toBe(false);
        expect(of(templates).allows(action, resource)).toBe(false);
      }
      expect(of(open).allows(action, resource, notIsolated)).toBe(true);
    },
  );

  it('makes models that are not isolated under names that say so', () => {
    expect(of(strict).allows('sagemaker:CreateModel', sagemaker('model', names.servedOpen))).toBe(true);
  });

  it('touches no other stage', () => {
    for (const templates of [strict, open]) {
      const resource = sagemaker('model', sagemakerModelNames('prod', 'churn', '0123456789').servedOpen);
      expect(of(templates).allows('sagemaker:CreateModel', resource, isolated)).toBe(false);
    }
  });
});

it('what is scored and served is written by one function', () => {
  const { workflows } = strict;
  const ids = Object.keys(workflows.findResources('AWS::IAM::Role'));
  const writers = ids.filter((id) =>
    policiesOf(workflows, new RegExp(`^${id}$`)).allows('s3:PutObject', artifacts(live.artifact)),
  );

  expect(writers.map((id) => id.replace(/Role.*$/, ''))).toEqual(['TrainKeepModel']);
});
