import { TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import type { Report } from '../report.ts';
import { Steps } from '../scenario.ts';
import type { World } from '../worlds/world.ts';
import { eventRuler, eventRulerAdvice, type MatcherAnswer } from './event-ruler.ts';
import { casesOfTests, randomTrials } from './trials.ts';

const randomCount = 1500;

/**
 * Puts event patterns to TestEventPattern and to AWS's own matcher.
 * @returns whether the matcher is there
 */
export async function comparePatterns({ events }: World, report: Report, seed: number): Promise<boolean> {
  const ruler = eventRuler();
  if (!ruler) {
    console.log(eventRulerAdvice);
    return false;
  }
  const trials = [
    ...new Map(
      [...casesOfTests(), ...randomTrials(randomCount, seed)].map((trial) => [JSON.stringify(trial), trial]),
    ).values(),
  ];
  const steps = new Steps();
  for (const { pattern, event } of trials)
    await steps.call(`TestEventPattern ${pattern} with ${event}`, async () => {
      const { Result, $metadata } = await events.send(
        new TestEventPatternCommand({ EventPattern: pattern, Event: event }),
      );
      return { matches: Result, $metadata };
    });
  const theirs = (await ruler.judge(trials)).map(answerOf);
  for (const [index, { label, answer }] of steps.all.entries())
    report.add(
      { name: 'event-ruler', title: ruler.title },
      'events',
      `patterns: ${label}`,
      answer,
      theirs[index],
    );
  return true;
}

function answerOf(verdict: MatcherAnswer): unknown {
  if ('matches' in verdict) return { status: 200, ...verdict };
  return { error: 'InvalidEventPatternException', status: 400, message: verdict.refusal, members: {} };
}
