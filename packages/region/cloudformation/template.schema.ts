import * as z from 'zod';

/** Attributes of a resource. `CreationPolicy` and `UpdatePolicy` would change behaviour: not served, so refused. */
export const resourceSchema = z.strictObject({
  Type: z.string().min(1),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DependsOn: z
    .union([z.string().transform((id) => [id]), z.array(z.string())])
    .default([])
    .readonly(),
  Condition: z.string().optional(),
  DeletionPolicy: z.enum(['Delete', 'Retain', 'RetainExceptOnCreate']).default('Delete'),
  UpdateReplacePolicy: z.enum(['Delete', 'Retain']).optional(),
  Metadata: z.record(z.string(), z.unknown()).default({}),
});
export type TemplateResource = z.infer<typeof resourceSchema>;

export const parameterSchema = z.strictObject({
  Type: z.enum([
    'String',
    'Number',
    'CommaDelimitedList',
    'List<Number>',
    'AWS::SSM::Parameter::Value<String>',
  ]),
  Default: z.union([z.string(), z.number()]).transform(String).optional(),
  Description: z.string().optional(),
  NoEcho: z.boolean().optional(),
});
export type TemplateParameter = z.infer<typeof parameterSchema>;

export const outputSchema = z.strictObject({
  Value: z.unknown(),
  Description: z.unknown().optional(),
  Condition: z.string().optional(),
  Export: z.strictObject({ Name: z.unknown() }).optional(),
});

const mappingValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

/** A CloudFormation template, as strictly as we serve it: `Transform` and nested `Hooks` are refused. */
export const templateSchema = z.strictObject({
  AWSTemplateFormatVersion: z.literal('2010-09-09').optional(),
  Description: z.string().optional(),
  Metadata: z.record(z.string(), z.unknown()).optional(),
  Parameters: z.record(z.string(), parameterSchema).default({}),
  Rules: z
    .record(
      z.string(),
      z.strictObject({
        RuleCondition: z.unknown().optional(),
        Assertions: z.array(
          z.strictObject({ Assert: z.unknown(), AssertDescription: z.string().optional() }),
        ),
      }),
    )
    .default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), mappingValue))).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), outputSchema).default({}),
});
export type Template = z.infer<typeof templateSchema>;
