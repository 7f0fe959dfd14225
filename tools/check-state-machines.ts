import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateStateMachine } from '@tidemark/region/asl';
import { checkHouseRules } from './state-machines/house-rules.ts';

const directory = 'state-machines';

/** What is wrong with one file, a line for each finding. */
function problemsOf(file: string): string[] {
  try {
    const definition: unknown = JSON.parse(readFileSync(join(directory, file), 'utf8'));
    return validateStateMachine(definition, [checkHouseRules]).map(
      ({ location, message }) => `${location}: ${message}`,
    );
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [`not JSON: ${error.message}`];
  }
}

const files = readdirSync(directory).filter((file) => file.endsWith('.asl.json'));
const problems = files.flatMap((file) => problemsOf(file).map((problem) => `${file}: ${problem}`));
for (const problem of problems) console.error(problem);
if (files.length === 0) console.error(`There is no *.asl.json in ${directory}/.`);
process.exitCode = problems.length > 0 || files.length === 0 ? 1 : 0;
