import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** A pattern and an event, as JSON texts. */
export interface Trial {
  readonly pattern: string;
  readonly event: string;
}
/** Whether the pattern matches, or why it was refused. */
export type MatcherAnswer = { readonly matches: boolean } | { readonly refusal: string };

const program = fileURLToPath(new URL('EventRuler.java', import.meta.url));
const jars =
  process.env.CONFORMANCE_EVENT_RULER ??
  join(process.env.HOME ?? '', '.cache/tidemark-conformance/event-ruler');

export const eventRulerAdvice = `Install Java 17 and the matcher that EventBridge itself uses (Apache-2.0) to compare event patterns with it:
  mvn -f packages/region/conformance/patterns/pom.xml dependency:copy-dependencies -DoutputDirectory=${jars}`;

/** AWS's own matcher of event patterns, https://github.com/aws/event-ruler; `undefined` where it or Java is not installed. */
export function eventRuler():
  | { title: string; judge(trials: readonly Trial[]): Promise<MatcherAnswer[]> }
  | undefined {
  const jar = existsSync(jars) && readdirSync(jars).find((name) => name.startsWith('event-ruler-'));
  if (!jar || spawnSync('java', ['-version']).status !== 0) return undefined;
  return { title: jar.replace(/\.jar$/, '').replace(/^event-ruler-/, 'event-ruler '), judge };
}

async function judge(trials: readonly Trial[]): Promise<MatcherAnswer[]> {
  const child = spawn('java', ['-cp', join(jars, '*'), program], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(trials.map((trial) => `${JSON.stringify(trial)}\n`).join(''));
  const lines = (await text(child.stdout)).trimEnd().split('\n');
  if (lines.length !== trials.length)
    throw new Error(`event-ruler answered ${lines.length} of ${trials.length} patterns.`);
  return lines.map((line) =>
    line.startsWith('refused') ? { refusal: line.slice(8) } : { matches: line === 'true' },
  );
}
