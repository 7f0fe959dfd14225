import type { Template } from 'aws-cdk-lib/assertions';
import type { ConditionContext } from '../../packages/region/iam/access-request.ts';
import { evaluateAccess } from '../../packages/region/iam/evaluate.ts';
import { policyDocumentSchema } from '../../packages/region/iam/policy-document.schema.ts';
import { statementsOf as compiled } from '../../packages/region/iam/statement.ts';
import { statementsOf } from './templates.ts';

const account = '111122223333';
const region = 'eu-west-1';
const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::AccountId': account,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Asks what a role may do, by its policies in the template and AWS's logic of deciding. */
export function policiesOf(template: Template, roleId: RegExp) {
  const Statement = statementsOf(template, roleId).map((statement) => resolved(template, statement));
  const identity = compiled('the role', policyDocumentSchema.parse({ Version: '2012-10-17', Statement }));
  const principal = { kind: 'role', arn: `arn:aws:iam::${account}:role/role` } as const;
  return {
    allows: (action: string, resource: string, context: ConditionContext = {}): boolean =>
      evaluateAccess(
        { principal, action, resource, context },
        { identity, resource: [], resourceMustAgree: false },
      ).kind === 'allowed',
  };
}

/** A value of a template with its intrinsic functions answered: resources of ours are called by their logical names, without the hash. */
function resolved(template: Template, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => resolved(template, each));
  if (typeof value !== 'object' || value === null) return value;
  const [[name = '', argument] = []] = Object.entries(value);
  const given = () => (Array.isArray(argument) ? argument.map((each) => resolved(template, each)) : []);
  switch (name) {
    case 'Ref':
      return pseudo[String(argument)] ?? arnOf(String(argument));
    case 'Fn::Join': {
      const [separator, parts] = given();
      return Array.isArray(parts) ? parts.join(String(separator)) : '';
    }
    case 'Fn::GetAtt':
      return arnOf(String(given()[0]));
    case 'Fn::ImportValue':
      return arnOf(String(argument).replace(/^.*(?:GetAtt|Ref)/, ''));
    case 'Fn::FindInMap': {
      const [map, key, second] = given().map(String);
      return template.findMappings(String(map))[String(map)]?.[String(key)]?.[String(second)];
    }
    default:
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(template, each)]));
  }
}

function nameOf(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}(?:Arn[0-9A-F]{8})?$/, '');
}

function arnOf(logicalId: string): string {
  const name = nameOf(logicalId);
  return name.startsWith('Stores') && !name.endsWith('Registry')
    ? `arn:aws:s3:::${name.slice('Stores'.length).toLowerCase()}`
    : `arn:aws:other:${region}:${account}:${name}`;
}
