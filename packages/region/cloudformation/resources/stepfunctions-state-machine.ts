import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { type ResourceContext, resourceType } from '../resource-type.ts';

export const stepFunctionsStateMachine = resourceType({
  type: 'AWS::StepFunctions::StateMachine',
  properties: {
    StateMachineName: z.string().optional(),
    StateMachineType: z.literal('STANDARD').default('STANDARD'),
    DefinitionS3Location: z.strictObject({ Bucket: z.string(), Key: z.string() }).optional(),
    DefinitionString: z.string().optional(),
    DefinitionSubstitutions: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
      .default({}),
    RoleArn: z.string(),
    /** The history is always kept whole, and Step Functions answers it; the role must be allowed to log it. */
    LoggingConfiguration: z.looseObject({ Level: z.string().default('OFF') }).optional(),
  },
  ignored: {
    Tags: 'nothing reads them',
    TracingConfiguration: 'there is no X-Ray to send traces to',
  },
  kept: {
    async put(properties, context) {
      context.services.states.createStateMachine({
        name: nameOf(properties, context),
        definition: substituted(definitionText(properties, context), properties, context),
        roleArn: properties.RoleArn,
        isLogged: (properties.LoggingConfiguration?.Level ?? 'OFF') !== 'OFF',
      });
    },
    read: async (arn, { states }) => states.machineSettings(arn),
  },
  async apply(properties, context) {
    const name = nameOf(properties, context);
    const arn = `arn:aws:states:${context.region}:${context.accountId}:stateMachine:${name}`;
    return { ref: arn, attributes: { Arn: arn, Name: name } };
  },
  remove: async (arn, { states }) => states.deleteStateMachine(arn),
});

const nameOf = (
  { StateMachineName }: { readonly StateMachineName?: string | undefined },
  { name }: ResourceContext,
): string => StateMachineName ?? name({ maximum: 80 });

interface DefinitionProperties {
  readonly DefinitionS3Location?: { readonly Bucket: string; readonly Key: string } | undefined;
  readonly DefinitionString?: string | undefined;
  readonly DefinitionSubstitutions: Readonly<Record<string, string>>;
}

function definitionText(
  { DefinitionS3Location, DefinitionString }: DefinitionProperties,
  context: ResourceContext,
): string {
  if (DefinitionS3Location) {
    return readFileSync(context.asset(DefinitionS3Location.Bucket, DefinitionS3Location.Key).path, 'utf8');
  }
  if (DefinitionString !== undefined) return DefinitionString;
  throw context.error('has neither DefinitionS3Location nor DefinitionString');
}

/** The definition with each `${Name}` replaced. @throws TemplateError for a name that the template gives no value. */
function substituted(
  text: string,
  { DefinitionSubstitutions }: DefinitionProperties,
  { error }: ResourceContext,
): string {
  return text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = DefinitionSubstitutions[name];
    if (value === undefined)
      throw error(`the definition has \${${name}}, which has no value`, 'DefinitionSubstitutions');
    return JSON.stringify(value).slice(1, -1);
  });
}
