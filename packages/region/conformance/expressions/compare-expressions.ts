import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Report } from '../report.ts';
import { ended } from '../scenarios/states-machines.ts';
import { scenarioRoleArn, type World } from '../worlds/world.ts';
import { expressions, input } from './corpus.ts';

/** The release that the comparison was written for. */
export const jsonataVersion = '0.7.1';
export const jsonataAdvice = `Install jsonata-python beside moto to compare JSONata expressions with it:
  ~/.cache/tidemark-conformance/bin/pip install jsonata-python==${jsonataVersion}`;

const program = fileURLToPath(new URL('evaluate.py', import.meta.url));

/** Evaluates expressions in a state machine, and by another implementation of JSONata. Returns whether that is there. */
export async function compareExpressions(world: World, report: Report, python: string): Promise<boolean> {
  const sources = expressions.map((expression) =>
    expression.replaceAll(/\bi(?=[.~[ ]| ~>)/g, '$states.input'),
  );
  const theirs = await evaluatedByPython(python, sources);
  if (!theirs) {
    console.log(jsonataAdvice);
    return false;
  }
  for (const [index, source] of sources.entries()) {
    const step = `expressions: ${source}`;
    report.add(
      { name: 'jsonata-python', title: `jsonata-python ${jsonataVersion}` },
      'states',
      step,
      await evaluatedHere(world, index, source),
      theirs[index],
    );
  }
  return true;
}

async function evaluatedHere(world: World, index: number, source: string): Promise<unknown> {
  const { states } = world;
  const Evaluate = { Type: 'Pass', Output: `{% ${source} %}`, End: true };
  const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Evaluate', States: { Evaluate } });
  try {
    const { stateMachineArn } = await states.send(
      new CreateStateMachineCommand({ name: `expression-${index}`, definition, roleArn: scenarioRoleArn }),
    );
    const { executionArn } = await states.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    );
    await ended(world, executionArn);
    const { output } = await states.send(new DescribeExecutionCommand({ executionArn }));
    return output === undefined ? 'an error' : { value: JSON.parse(output) };
  } catch (error) {
    // A definition is refused if an expression cannot be read.
    if (Object(error).name === 'InvalidDefinition') return 'an error';
    throw error;
  }
}

async function evaluatedByPython(python: string, sources: readonly string[]): Promise<unknown[] | undefined> {
  const child = spawn(python, [program], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => undefined);
  child.stdin.end(sources.map((expression) => `${JSON.stringify({ expression, input })}\n`).join(''));
  const lines = (await text(child.stdout)).trimEnd().split('\n');
  if (lines.length !== sources.length) return undefined;
  return lines.map((line) => {
    const answer = JSON.parse(line);
    return answer.error ? 'an error' : { value: answer.value };
  });
}
