import type { PolicyInput } from './policy-document.schema.ts';

/** AWS's own policies that a template may attach, as AWS publishes them. Add one here when a template needs it. */
export const awsManagedPolicies: Readonly<Record<string, PolicyInput>> = {
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: '*',
      },
    ],
  },
};
