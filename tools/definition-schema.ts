import { writeFileSync } from 'node:fs';
import { definitionSchemaFile } from '@tidemark/domain/definition/definition-json-schema.ts';

/** Writes the JSON Schema with which editors complete and check definitions. Run it when the zod schema changes. */
writeFileSync(new URL('../models/definition.schema.json', import.meta.url), definitionSchemaFile());
