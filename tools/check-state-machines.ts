import { readFileSync } from 'node:fs';
import { policiesFile, readMachines } from './state-machines/files.ts';
import { problemsOf } from './state-machines/problems.ts';

const problems = problemsOf(readMachines(), readFileSync(policiesFile, 'utf8'));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
