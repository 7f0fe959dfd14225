import * as z from 'zod';
import { definitionSchema } from './definition.schema.ts';

/** A field as the JSON Schema describes it: the part of the vocabulary that zod writes for definitions. */
export interface DefinitionField {
  readonly type?: string | readonly string[] | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly examples?: readonly unknown[] | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly const?: unknown;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly pattern?: string | undefined;
  readonly properties?: Readonly<Record<string, DefinitionField>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly additionalProperties?: boolean | DefinitionField | undefined;
  readonly items?: DefinitionField | undefined;
  readonly anyOf?: readonly DefinitionField[] | undefined;
  readonly oneOf?: readonly DefinitionField[] | undefined;
}

const fieldSchema: z.ZodType<DefinitionField> = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  examples: z.array(z.unknown()).optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  pattern: z.string().optional(),
  get properties() {
    return z.record(z.string(), fieldSchema).optional();
  },
  required: z.array(z.string()).optional(),
  get additionalProperties() {
    return z.union([z.boolean(), fieldSchema]).optional();
  },
  get items() {
    return fieldSchema.optional();
  },
  get anyOf() {
    return z.array(fieldSchema).optional();
  },
  get oneOf() {
    return z.array(fieldSchema).optional();
  },
});

/** The text of `models/definition.schema.json`: what editors complete and check definitions with. */
export function definitionSchemaFile(): string {
  return `${JSON.stringify(definitionJsonSchema(), null, 2)}\n`;
}

/** The JSON Schema of what a user may write, before transforms and defaults. */
function definitionJsonSchema() {
  return z.toJSONSchema(definitionSchema, {
    io: 'input',
    // Zod leaves examples out where a transform follows, as they may be of its output; ours are of the input.
    override: ({ zodSchema, jsonSchema }) => {
      const examples: unknown = z.globalRegistry.get(zodSchema)?.examples;
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  });
}

/** The same, typed for reading. */
export function definitionRootField(): DefinitionField {
  return fieldSchema.parse(definitionJsonSchema());
}
