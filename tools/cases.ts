import { createWriteStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { interruption } from '../laptop/start/interrupt-signal.ts';
import { StartError } from '../laptop/start/start-error.ts';
import { caseAssembly } from './cases/case-assembly.ts';
import { caseFolders } from './cases/case-folder.ts';

const help = `
npm run --silent cases -- <folder> [--limit-seconds 300] [--output file]

Puts the files of a folder into a fresh local region through the product's public doors, and prints what came of them as one JSON
document. For a folder of such folders it prints a line of JSON for each. docs/cases.md says which file is what.
`;

/** Runs one case or many. @returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      'limit-seconds': { type: 'string', default: '300' },
      output: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [path, ...others] = positionals;
  if (values.help || path === undefined || others.length > 0) {
    process.stdout.write(help);
    return values.help ? 0 : 1;
  }
  const limitSeconds = Number(values['limit-seconds']);
  if (!(limitSeconds > 0)) throw new StartError('--limit-seconds must be a number above 0.');
  const folders = caseFolders(path);
  const signal = interruption();
  const begun = Date.now();
  const progress = (line: string) =>
    process.stderr.write(`${((Date.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
  progress('synthesising, unless nothing has changed');
  const loading = import('./cases/one-case.ts');
  const assemblyDirectory = await caseAssembly(signal);
  const { oneCase } = await loading;
  const out = values.output === undefined ? process.stdout : createWriteStream(values.output);
  let complete = true;
  for (const directory of folders) {
    if (signal.aborted) break;
    const { document, isComplete } = await oneCase({
      directory,
      assemblyDirectory,
      limitSeconds,
      signal,
      progress,
    });
    complete &&= isComplete;
    const isOnly = folders.length === 1;
    await new Promise((resolve) => out.write(`${JSON.stringify(document, null, isOnly ? 2 : 0)}\n`, resolve));
  }
  return complete && !signal.aborted ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
// A process of a region that could not be ended would keep this one waiting.
process.exit();
