import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { modelName } from '@tidemark/domain/names.ts';
import { parse } from 'yaml';
import type { StartSubject } from './arguments.ts';
import { firstMonday, flightStory, type TrafficWindow } from './replay/flight-traffic.ts';
import { selectFlights } from './sample-flights.ts';
import { StartError } from './start-error.ts';

/** A definition and data that exist, and what they are about. */
export interface PreparedSubject {
  /** By the definition; by its file's name when it does not say, which the product will then reject. */
  readonly model: string;
  readonly definitionFile: string;
  readonly dataFiles: readonly string[];
  /** What is asked once a version is live. */
  readonly traffic: readonly TrafficWindow[];
}

interface SubjectOptions {
  readonly projectDirectory: string;
  readonly stateDirectory: string;
}

/** Finds a person's own files, or makes the example's: six weeks of flights. @throws StartError for a missing file. */
export async function prepareSubject(
  subject: StartSubject,
  { projectDirectory, stateDirectory }: SubjectOptions,
): Promise<PreparedSubject> {
  if (subject.kind === 'own') {
    const definitionFile = existingFile(subject.definition);
    const dataFiles = subject.data.map(existingFile);
    checkDistinct(dataFiles);
    return { model: modelOf(definitionFile), definitionFile, dataFiles, traffic: [] };
  }
  const definitionFile = join(projectDirectory, 'models/flight-delay.yaml');
  const dataFile = join(stateDirectory, 'samples/flights-east.parquet');
  const { first, traffic } = flightStory(firstMonday);
  await selectFlights(dataFile, first);
  return { model: modelOf(definitionFile), definitionFile, dataFiles: [dataFile], traffic };
}

function existingFile(path: string): string {
  const file = resolve(path);
  if (!existsSync(file)) throw new StartError(`There is no file ${path}.`);
  if (!statSync(file).isFile()) throw new StartError(`${path} is a folder; name the file itself.`);
  return file;
}

/** Files land under their names: two of one name would be two versions of one file. */
function checkDistinct(files: readonly string[]): void {
  const names = files.map((file) => basename(file));
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new StartError(`Two files are called ${repeated}: rename one, as both land in one folder.`);
  }
}

/** What the definition is called. What else is right or wrong with it is for the product to say. */
function modelOf(definitionFile: string): string {
  const stem = basename(definitionFile, extname(definitionFile));
  try {
    const { name } = Object(parse(readFileSync(definitionFile, 'utf8')));
    return modelName.safeParse(name).data ?? stem;
  } catch {
    // Not YAML: the product's own rejection names line and column.
    return stem;
  }
}
