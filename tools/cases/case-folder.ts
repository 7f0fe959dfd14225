import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { StartError } from '../../laptop/start/start-error.ts';

/** A file of a case. */
export interface CaseFile {
  /** As it stands in the folder, with slashes. */
  readonly name: string;
  readonly path: string;
}

/** A data file, and what it is called below `incoming/<model>/`. */
export interface DroppedFile extends CaseFile {
  readonly keyName: string;
}

/** What is put into a region, in this order. */
export interface CaseFolder {
  readonly name: string;
  readonly definition: CaseFile | undefined;
  /** Definitions of other models. */
  readonly otherDefinitions: readonly CaseFile[];
  /** Data: the files of a drop come within one quiet period, the next drop when all has come to rest. */
  readonly drops: readonly (readonly DroppedFile[])[];
  readonly labels: readonly CaseFile[];
  readonly requests: readonly CaseFile[];
  readonly nextRecords: CaseFile | undefined;
  readonly event: CaseFile | undefined;
}

const definitionNames = ['definition.yaml', 'definition.yml'];
const requestNames = ['request.json', 'requests.json'];

/** A text for people is not part of a case. Nor is what begins with a dot, which belongs to editors and file managers. */
const isIgnored = (name: string) => name.startsWith('.') || name.toLowerCase().endsWith('.md');

/**
 * The cases below a path: the folder itself if it holds files, otherwise those of its folders, by name.
 * @throws StartError when there is none
 */
export function caseFolders(path: string): string[] {
  if (!existsSync(path)) throw new StartError(`There is no folder ${path}.`);
  const found = casesBelow(path);
  if (found.length === 0) throw new StartError(`There is no case in ${path}: no folder with files.`);
  return found;
}

function casesBelow(path: string): string[] {
  const entries = inOrder(readdirSync(path, { withFileTypes: true }));
  if (entries.some((entry) => entry.isFile())) return [path];
  return entries
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => casesBelow(join(path, entry.name)));
}

/** Reads which file of a folder is what, by its name. */
export function readCaseFolder(directory: string): CaseFolder {
  const files = filesBelow(directory).map((path) => ({
    name: relative(directory, path).split(sep).join('/'),
    path,
  }));
  const named = (...names: readonly string[]) => files.filter(({ name }) => names.includes(name));
  const definitions = files.filter(({ name }) => /\.ya?ml$/i.test(name));
  const [definition] = named(...definitionNames);
  const labels = files.filter(({ name }) => name.startsWith('labels'));
  const requests = named(...requestNames);
  const [nextRecords] = named('next-records.json');
  const [event] = named('event.json');
  const known = new Set([...definitions, ...labels, ...requests, nextRecords, event]);
  return {
    name: basename(directory),
    definition,
    otherDefinitions: definitions.filter((file) => file !== definition),
    drops: dropsOf(files.filter((file) => !known.has(file))),
    labels,
    requests,
    nextRecords,
    event,
  };
}

/** `data2-corrected.csv`: the second file over the key of the first. */
const overOneKey = /^data-?(\d+)(?!\d)/;
/** `2-february.csv`: the second file, under a name of its own. */
const numbered = /^(\d+)[-_ ]/;

/**
 * What is dropped together, and what afterwards, as names say it: `data<n>…` one after the other over the same key, `<n>-…` one after the
 * other; all others together, before them. A name that begins with `_` comes last in its drop, as markers do.
 */
export function dropsOf(files: readonly CaseFile[]): DroppedFile[][] {
  const together = files.filter(({ name }) => !overOneKey.test(name) && !numbered.test(name));
  const markersLast = [
    ...together.filter(({ name }) => !basename(name).startsWith('_')),
    ...together.filter(({ name }) => basename(name).startsWith('_')),
  ];
  const first = markersLast.map((file) => ({ ...file, keyName: file.name }));
  const after = [
    ...byNumber(files, overOneKey).map((file) => ({ ...file, keyName: `data${extensionOf(file.name)}` })),
    ...byNumber(files, numbered).map((file) => ({ ...file, keyName: file.name })),
  ];
  return [...(first.length > 0 ? [first] : []), ...after.map((file) => [file])];
}

function byNumber(files: readonly CaseFile[], pattern: RegExp): CaseFile[] {
  return files
    .flatMap((file) => {
      const number = pattern.exec(file.name)?.[1];
      return number === undefined ? [] : [{ file, number: Number(number) }];
    })
    .sort((a, b) => a.number - b.number)
    .map(({ file }) => file);
}

/** `.csv.gz` of `data1.csv.gz`; of several dots only what looks like extensions. */
function extensionOf(name: string): string {
  return /(\.[a-z]+)?(\.[a-z0-9]+)$/i.exec(name)?.[0] ?? '';
}

function filesBelow(directory: string): string[] {
  return inOrder(readdirSync(directory, { withFileTypes: true })).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** By name as code units order it, on every machine alike. */
function inOrder(entries: readonly Dirent[]): Dirent[] {
  return entries.filter(({ name }) => !isIgnored(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
}
