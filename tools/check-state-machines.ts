import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProblems } from './state-machine-rules.ts';

const directory = 'state-machines';

const files = readdirSync(directory).filter((file) => file.endsWith('.asl.json'));
const problems = files.flatMap((file) =>
  findProblems(readFileSync(join(directory, file), 'utf8')).map((problem) => `${file}: ${problem}`),
);
for (const problem of problems) console.error(problem);
if (files.length === 0) console.error(`There is no *.asl.json in ${directory}/.`);
process.exitCode = problems.length > 0 || files.length === 0 ? 1 : 0;
