import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { directory, policiesFile, readMachines } from './state-machines/files.ts';
import { withPolicies } from './state-machines/machine-text.ts';
import { parsePolicies } from './state-machines/problems.ts';

/** Writes the retry policies into the machines; Biome, which `npm run format` runs next, lays them out. */
const policies = parsePolicies(readFileSync(policiesFile, 'utf8'));
if (Array.isArray(policies)) {
  for (const problem of policies) console.error(`${policiesFile}: ${problem}`);
  process.exitCode = 1;
} else {
  for (const [file, text] of readMachines()) {
    if (isJson(text)) writeFileSync(join(directory, file), withPolicies(text, policies));
  }
}

/** What is not JSON is left to Biome, which says where. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
