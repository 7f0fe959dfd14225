/** Where in a definition: the keys and list positions that lead there; empty is the whole file. */
export type Path = readonly (string | number)[];

/** Something wrong, before it is known on which line. */
export interface UnplacedFinding {
  readonly path: Path;
  /** Points at the field's name rather than its value. */
  readonly atName?: true;
  /** What is wrong, and why that is wrong: one sentence. */
  readonly what: string;
  /** What to do about it: one sentence or two. */
  readonly remedy: string;
}

/** Something wrong with a definition, for the person who wrote it. */
export interface DefinitionFinding {
  /** From 1; `null` when it concerns the file and not a line of it. */
  readonly line: number | null;
  /** From 1, in UTF-16 code units, as editors count. */
  readonly column: number | null;
  /** Like `training.hyperparameters.eta`; empty for the whole file. */
  readonly field: string;
  readonly what: string;
  readonly remedy: string;
}

/** `['segments', 0]` as `segments[0]`. */
export function fieldName(path: Path): string {
  return path.reduce<string>((name, part) => {
    if (typeof part === 'number') return `${name}[${part}]`;
    return name === '' ? part : `${name}.${part}`;
  }, '');
}
