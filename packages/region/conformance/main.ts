import { parseArgs } from 'node:util';
import { compareExpressions } from './expressions/compare-expressions.ts';
import { meantDifferences } from './meant-differences.ts';
import { comparePatterns } from './patterns/compare-patterns.ts';
import { Report } from './report.ts';
import { runScenario } from './run-scenario.ts';
import { scenarios } from './scenarios/index.ts';
import { services } from './services.ts';
import { dynamoDbLocal, dynamoDbLocalAdvice } from './worlds/dynamodb-local.ts';
import { moto, motoAdvice, motoVersion, pythonWithMoto } from './worlds/moto.ts';
import { ownRegion } from './worlds/own-region.ts';
import type { Implementation, ImplementationName } from './worlds/world.ts';

/**
 * Puts the same requests to this region and to other implementations of AWS, through the SDK's clients, and compares the answers.
 *
 *   npm run conformance                          # everything that is at hand
 *   npm run conformance -- --service s3,sqs      # some services
 *   npm run conformance -- --seed 2               # other random event patterns
 *   npm run conformance -- --show                # also each difference that is meant, and each reworded message
 *
 * Ends with 1 when an answer differs and the table of meant differences does not say why, or says why of one that does not differ; with 2
 * when there is nothing to compare with.
 */
const { values } = parseArgs({
  options: {
    service: { type: 'string', default: [...services, 'patterns', 'expressions'].join() },
    scenario: { type: 'string', default: '' },
    show: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
  },
});
const chosen = values.service.split(',');
const report = new Report(meantDifferences, { showsAll: values.show });

const python = pythonWithMoto();
const others = await otherImplementations();
let patternsCompared = false;
const own = await ownRegion((fault) => report.fault(fault));
try {
  for (const [name, other] of others) await compareWith(name, other);
  if (chosen.includes('patterns'))
    patternsCompared = await comparePatterns(await own.fresh(), report, Number(values.seed));
  if (chosen.includes('expressions') && python)
    await compareExpressions(await own.fresh(), report, python.python);
} finally {
  await own.stop();
  for (const [, other] of others) await other.stop();
}
if (others.length === 0 && !patternsCompared) process.exitCode = 2;
else if (!report.print({ isWhole: values.scenario === '' })) process.exitCode = 1;

async function compareWith(name: ImplementationName, other: Implementation): Promise<void> {
  for (const scenario of scenarios) {
    const isChosen = chosen.includes(scenario.service) && scenario.name.includes(values.scenario);
    if (!isChosen || !other.services.includes(scenario.service)) continue;
    const [ours, theirs] = [await runScenario(own, scenario), await runScenario(other, scenario)];
    report.compare({ name, title: other.title }, scenario, ours, theirs);
  }
}

async function otherImplementations(): Promise<[ImplementationName, Implementation][]> {
  const found: [ImplementationName, Implementation][] = [];
  if (python) found.push(['moto', await moto(python)]);
  else console.log(motoAdvice);
  if (python && python.version !== motoVersion)
    console.log(`moto is ${python.version}; the table of meant differences was written for ${motoVersion}.`);
  const endpoint = process.env.CONFORMANCE_DYNAMODB_LOCAL;
  if (endpoint) found.push(['dynamodb-local', dynamoDbLocal(endpoint)]);
  else console.log(dynamoDbLocalAdvice);
  return found;
}
