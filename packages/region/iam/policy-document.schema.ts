import * as z from 'zod';

const texts = z.union([z.string(), z.array(z.string()).min(1)]).transform((value) => [value].flat());

/** `Bool` and numbers may stand without quotation marks. */
const conditionValues = z
  .union([
    z.string(),
    z.boolean(),
    z.number(),
    z.array(z.union([z.string(), z.boolean(), z.number()])).min(1),
  ])
  .transform((value) => [value].flat().map(String));

const principalSchema = z.union([
  z.literal('*'),
  z.strictObject({ AWS: texts.optional(), Service: texts.optional() }),
]);

/** One statement. Elements that decide nothing here are not in it: a template that has them is refused. */
const statementSchema = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Principal: principalSchema.optional(),
    Action: texts.optional(),
    NotAction: texts.optional(),
    Resource: texts.optional(),
    NotResource: texts.optional(),
    /** By operator, by condition key. */
    Condition: z.record(z.string(), z.record(z.string(), conditionValues)).default({}),
  })
  .refine(({ Action, NotAction }) => (Action === undefined) !== (NotAction === undefined), {
    message: 'A statement has either Action or NotAction.',
  })
  .refine(({ Resource, NotResource }) => Resource === undefined || NotResource === undefined, {
    message: 'A statement has Resource or NotResource, not both.',
  });
export type StatementDocument = z.infer<typeof statementSchema>;

/** A policy as a template has it, all values worked out. */
export const policyDocumentSchema = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
  Id: z.string().optional(),
  Statement: z
    .union([z.array(statementSchema), statementSchema])
    .transform((statements) => [statements].flat()),
});
export type PolicyDocument = z.infer<typeof policyDocumentSchema>;
/** As it is written, before it is read. */
export type PolicyInput = z.input<typeof policyDocumentSchema>;
