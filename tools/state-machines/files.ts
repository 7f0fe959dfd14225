import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the machines and their policies are, seen from the repository's root. */
export const directory = 'state-machines';

export const policiesFile = join(directory, 'retry-policies.json');

/** Texts of all machines, by the names of their files. */
export function readMachines(): ReadonlyMap<string, string> {
  const files = readdirSync(directory).filter((file) => file.endsWith('.asl.json'));
  if (files.length === 0) throw new Error(`There is no *.asl.json in ${directory}/.`);
  return new Map(files.map((file) => [file, readFileSync(join(directory, file), 'utf8')]));
}
