import { type Definition, definitionSchema } from './definition.schema.ts';
import { type DefinitionFinding, fieldName, type UnplacedFinding } from './definition-finding.ts';
import { definitionHash } from './definition-hash.ts';
import type { DefinitionLimits } from './rules/definition-rule.ts';
import { ruleFindings } from './rules/rules.ts';
import { shapeFindings } from './shape-findings.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/**
 * Largest definition, in bytes. It is kept whole in the registry (400 KB an item) and passed through Step Functions (256 KiB a
 * state); 64 KiB still holds some 1,500 column names.
 */
export const maximumDefinitionBytes = 64 * 1024;

/** Most problems told at once: enough to fix a file in one go, and few enough for an event. */
export const maximumProblems = 20;

/** What a definition is checked against besides itself. */
export interface ParseContext {
  /** The model that the file's name promises: its `name` must be this. */
  readonly model: string;
  readonly limits: DefinitionLimits;
}

export type ParsedDefinition =
  | {
      readonly ok: true;
      readonly definition: Definition;
      /** See `definitionHash`. */
      readonly hash: string;
      /** For what only the registry can tell is wrong: where in the file that stands. */
      readonly locate: (findings: readonly UnplacedFinding[]) => readonly DefinitionFinding[];
    }
  /** In the order of their lines; never empty. */
  | { readonly ok: false; readonly problems: readonly DefinitionFinding[] };

/** Reads a definition file. Whatever is in it, the answer is a definition or what is wrong with it; nothing throws. */
export function parseDefinition(content: Uint8Array, context: ParseContext): ParsedDefinition {
  if (content.byteLength > maximumDefinitionBytes) {
    return wholeFile({
      what: `The file has more than ${maximumDefinitionBytes} bytes, the most that a definition may have.`,
      remedy: 'A definition describes a model and holds no data; put data under incoming/ instead.',
    });
  }
  const text = decode(content);
  if (text === undefined) {
    return wholeFile({
      what: 'The file is not text in UTF-8.',
      remedy: 'Save it as UTF-8; a spreadsheet, a PDF or an archive is not a definition.',
    });
  }
  const reading = readYaml(text);
  if (!reading.ok) return { ok: false, problems: reading.problems.slice(0, maximumProblems) };
  const { source } = reading;

  const shape = definitionSchema.safeParse(source.value);
  if (!shape.success) {
    const findings = shapeFindings(shape.error.issues, source);
    return refused(
      findings.map((finding) =>
        finding.path[0] === 'name' ? { ...finding, remedy: nameRemedy(context.model) } : finding,
      ),
      source,
    );
  }
  const definition = shape.data;
  const facts = { definition, has: source.has.bind(source), limits: context.limits };
  const findings = [...nameFindings(definition.name, context.model), ...ruleFindings(facts)];
  if (findings.length > 0) return refused(findings, source);
  return {
    ok: true,
    definition,
    hash: definitionHash(definition),
    locate: (found) => locate(found, source),
  };
}

/** The key names the model too, and data is dropped under the model's name: the two must agree. */
function nameFindings(name: string, model: string): UnplacedFinding[] {
  if (name === model) return [];
  return [
    {
      path: ['name'],
      what: `\`name\` is "${name}", but the file is called ${model}.yaml.`,
      remedy: `Write \`name: ${model}\`, or put the file at definitions/${name}.yaml.`,
    },
  ];
}

function nameRemedy(model: string): string {
  return `Write \`name: ${model}\`: the model has the name of its file.`;
}

function decode(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function wholeFile(problem: Pick<DefinitionFinding, 'what' | 'remedy'>): ParsedDefinition {
  return { ok: false, problems: [{ line: null, column: null, field: fieldName([]), ...problem }] };
}

function refused(findings: readonly UnplacedFinding[], source: YamlSource): ParsedDefinition {
  return { ok: false, problems: locate(findings, source) };
}

/** Longest text of a problem, in characters: a name of 60 KB in the file must not fill the event that reports it. */
const longestText = 1000;

function locate(findings: readonly UnplacedFinding[], source: YamlSource): DefinitionFinding[] {
  return findings
    .map(({ path, atName, what, remedy }) => ({
      ...source.positionOf(path, atName),
      field: clipped(fieldName(path)),
      what: clipped(what),
      remedy: clipped(remedy),
    }))
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .slice(0, maximumProblems);
}

function clipped(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}
