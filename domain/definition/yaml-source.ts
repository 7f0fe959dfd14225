import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  visit,
  type YAMLError,
} from 'yaml';
import { type DefinitionFinding, fieldName, type Path } from './definition-finding.ts';

type YamlReading =
  | { readonly ok: true; readonly source: YamlSource }
  | { readonly ok: false; readonly problems: readonly DefinitionFinding[] };

/** Reads one YAML 1.2 document with a mapping in it, or says on which line it is not one. */
export function readYaml(text: string): YamlReading {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    logLevel: 'silent',
  });
  const place = (offset: number) => position(lines, offset);
  // An empty stream has no documents, only an empty array.
  if (!Array.isArray(documents) || documents.length === 0) return refused(emptyFile);
  const [document, second] = documents;
  if (!document) return refused(emptyFile);

  const errors = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
  if (errors.length > 0) {
    const problems = errors.map((error) => ({
      ...place(error.pos[0]),
      field: fieldName([]),
      ...syntaxSentence(error, text),
    }));
    // What follows the first error of a line is mostly its echo.
    return { ok: false, problems: problems.filter(({ line }, index) => problems[index - 1]?.line !== line) };
  }
  if (second) return refused({ ...place(second.range[0]), ...severalDocuments });
  if (document.directives?.yaml.explicit && document.directives.yaml.version !== '1.2') {
    return refused({ ...place(0), ...oldYaml });
  }
  const shared = firstSharedNode(document);
  if (shared) return refused({ ...place(shared.range?.[0] ?? 0), ...anchors });
  if (document.contents === null) return refused(emptyFile);
  if (!isMap(document.contents)) {
    return refused({ ...place(document.contents.range?.[0] ?? 0), ...notAMapping });
  }
  return { ok: true, source: new YamlSource(document, lines) };
}

/** A document and where each of its fields is written. */
export class YamlSource {
  /** The document as plain data. */
  readonly value: unknown;
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(document: Document, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
    this.value = document.toJS({ maxAliasCount: 0 });
  }

  /** Whether the user wrote the field, rather than leaving it to its default. */
  has(path: Path): boolean {
    return path.length === 0 || this.#pairAt(path) !== undefined;
  }

  /** The value at the path as data; `undefined` where nothing is written. */
  valueAt(path: Path): unknown {
    const node = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    return isNode(node) ? node.toJS(this.#document) : undefined;
  }

  /** Whether the value is written in quotes. */
  isQuoted(path: Path): boolean {
    const node = this.#document.getIn(path, true);
    return isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE');
  }

  /**
   * Where the field stands: its value, or its name if `atName` or if it has no value. Where it is not written at all, the
   * nearest mapping that it would be written in; for the outermost that is the first line.
   */
  positionOf(path: Path, atName = false): { line: number; column: number } {
    for (let length = path.length; length > 0; length -= 1) {
      const found = this.#pairAt(path.slice(0, length));
      const node = found && nodeToShow(found, atName || length < path.length);
      if (node?.range) return position(this.#lines, node.range[0]);
    }
    return { line: 1, column: 1 };
  }

  /** The pair of a mapping, or the entry of a list, that the path leads to. */
  #pairAt(path: Path): Pair | Node | undefined {
    const parentPath = path.slice(0, -1);
    const parent = parentPath.length === 0 ? this.#document.contents : this.#document.getIn(parentPath, true);
    const last = path.at(-1);
    if (isMap(parent)) return parent.items.find(({ key }) => isScalar(key) && key.value === last);
    if (isSeq(parent) && typeof last === 'number') {
      const entry = parent.items[last];
      return isNode(entry) ? entry : undefined;
    }
    return undefined;
  }
}

function nodeToShow(found: Pair | Node, atName: boolean): Node | undefined {
  if (!isPair(found)) return found;
  const { key, value } = found;
  const name = isNode(key) ? key : undefined;
  if (atName || !isNode(value)) return name;
  const isEmpty = isScalar(value) && value.source === '';
  return isEmpty ? name : value;
}

/** The first anchor or alias: either makes one node stand in two places, and a few lines stand for gigabytes. */
function firstSharedNode(document: Document): Node | undefined {
  let shared: Node | undefined;
  visit(document, (_, node) => {
    if (
      !isNode(node) ||
      !(isAlias(node) || ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor))
    ) {
      return undefined;
    }
    shared = node;
    return visit.BREAK;
  });
  return shared;
}

function position(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

type Sentence = Pick<DefinitionFinding, 'what' | 'remedy'>;

function refused(problem: Sentence & Partial<DefinitionFinding>): YamlReading {
  return { ok: false, problems: [{ line: null, column: null, field: fieldName([]), ...problem }] };
}

const minimum = 'name: my-model, problem: binary, target: my-column';
const emptyFile: Sentence = {
  what: 'The file is empty.',
  remedy: `Describe the model; three lines are enough: ${minimum}, each on its own line.`,
};
const notAMapping: Sentence = {
  what: 'The file is not a mapping of fields to values.',
  remedy: `Write fields as \`name: value\`, one a line; three lines are enough: ${minimum}.`,
};
const severalDocuments: Sentence = {
  what: 'A second document begins here (`---`), but a file describes one model.',
  remedy: 'Put each model in a file of its own.',
};
const oldYaml: Sentence = {
  what: 'The file asks for an older YAML, in which words such as no and on are not text.',
  remedy: 'Remove the %YAML line: definitions are YAML 1.2.',
};
const anchors: Sentence = {
  what: 'Anchors (`&`) and aliases (`*`) are not read in definitions.',
  remedy: 'Write the value out where it is needed; text that begins with & or * needs quotes.',
};

function syntaxSentence({ code, message, pos }: YAMLError, text: string): Sentence {
  switch (code) {
    case 'TAB_AS_INDENT':
      return { what: 'The line is indented with a tab, which YAML forbids.', remedy: 'Indent with spaces.' };
    case 'DUPLICATE_KEY':
      return {
        what: `\`${nameFrom(text.slice(pos[0]))}\` is written twice, so one of the two would be ignored.`,
        remedy: 'Keep one of them.',
      };
    case 'BAD_INDENT':
    case 'BAD_COLLECTION_TYPE':
      return {
        what: `The indentation does not fit the lines around it (${message}).`,
        remedy: 'Indent fields of one mapping by the same number of spaces.',
      };
    case 'NON_STRING_KEY':
      return { what: 'A field’s name is not text.', remedy: 'Write fields as `name: value`.' };
    case 'TAG_RESOLVE_FAILED':
      return {
        what: `The tag (\`!\`) is not read in definitions (${message}).`,
        remedy: 'Remove it; text that begins with ! needs quotes.',
      };
    case 'RESOURCE_EXHAUSTION':
      return {
        what: 'The file is nested too deeply to be read.',
        remedy: 'Write fields as in models/flight-delay.yaml: none is more than four levels deep.',
      };
    case 'MISSING_CHAR':
    case 'BAD_DQ_ESCAPE':
      return {
        what: `Quotes or brackets are not right (${message}).`,
        remedy:
          'Close every quote and bracket on this line or before it; in double quotes write \\\\ for \\.',
      };
    default:
      return {
        what: `This is not YAML: ${message}.`,
        remedy:
          'Put text with characters such as : # { [ & * ! | > \' " % @ ` in quotes, and check the indentation.',
      };
  }
}

function nameFrom(text: string): string {
  return /^[^:\s]*/.exec(text)?.[0] ?? '';
}
