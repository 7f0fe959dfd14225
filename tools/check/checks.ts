/** One check: what it is called, the command, and what to do when it fails. */
export interface Check {
  readonly name: string;
  readonly command: readonly string[];
  readonly remedy: string;
}

const formatAndLint = (paths: readonly string[]): Check => ({
  name: 'format and lint',
  command: [
    ...['biome', 'ci', '--error-on-warnings', '--no-errors-on-unmatched', '--files-ignore-unknown=true'],
    ...paths,
  ],
  remedy: 'npm run format fixes most of it',
});
const types: Check = { name: 'types', command: ['tsc', '--build'], remedy: 'see the errors above' };
const stateMachines: Check = {
  name: 'state machines',
  command: ['tsx', 'tools/check-state-machines.ts'],
  remedy: 'npm run format writes retry policies; see docs/design/contracts.md, Workflow conventions',
};
const synth: Check = {
  name: 'synth',
  command: ['cdk', 'synth', '--quiet', '--output', 'build/check.cdk.out'],
  remedy: 'npx cdk synth shows the whole story',
};
const testRemedy = 'npx vitest <file> runs one file again and again';

/** Everything but tests. */
export const quickChecks: readonly Check[] = [formatAndLint(['.']), types, stateMachines, synth];

/** Which files have unit tests, as JSON. */
export const listOfUnitTests = ['vitest', 'list', '--filesOnly', '--json', '--project', 'unit'] as const;

/** Where vitest writes how each file's tests have ended. */
export const unitTestResults = 'build/check/tests.json';

/** The unit tests of some files. Whole runs are for `npm test`: see `vitest.config.ts`. */
export const unitTests = (files: readonly string[]): Check => ({
  name: 'unit tests',
  command: [
    ...['vitest', 'run', '--project', 'unit', '--reporter', 'dot'],
    ...['--reporter', 'json', `--outputFile.json=${unitTestResults}`],
    ...files,
  ],
  remedy: testRemedy,
});

/** They read every source, whatever they import. */
const testsOfAllSources = ['test/architecture.test.ts'];

/**
 * What a change can break, as far as it takes seconds: the changed files' format, types, and the unit tests that import them, however
 * indirectly. Files that tests read by other means than an import are seen by the whole check only.
 * @param changed paths from the root of the repository, of files that are there.
 */
export function checksOf(changed: readonly string[]): readonly Check[] {
  if (changed.length === 0) return [];
  const isChanged = (pattern: RegExp) => changed.some((path) => pattern.test(path));
  const sources = changed.filter((path) => path.endsWith('.ts'));
  return [
    formatAndLint(changed),
    ...(isChanged(/\.(ts|json)$/) ? [types] : []),
    ...(isChanged(/^state-machines\//) ? [stateMachines] : []),
    ...(isChanged(/^(infra\/|cdk\.json$)/) ? [synth] : []),
    {
      name: 'unit tests of it',
      command: [
        'vitest',
        'related',
        '--run',
        '--project',
        'unit',
        '--reporter',
        'dot',
        ...testsOfAllSources,
        ...sources,
      ],
      remedy: testRemedy,
    },
  ];
}
