import type { UnplacedFinding } from '../definition-finding.ts';
import { list } from '../fields.ts';
import type { DefinitionRule } from './definition-rule.ts';

/** A setting of another way to retrain would be ignored, and its author would wonder why. */
export const retrainingSettingsApply: DefinitionRule = ({ definition: { retraining }, has }) => {
  const windowDays = ['retraining', 'windowDays'];
  const everyDays = ['retraining', 'everyDays'];
  return [
    ...(has(windowDays) && retraining.data !== 'window'
      ? [unusedSetting(windowDays, 'when all rows are trained with', 'write `data: window`')]
      : []),
    ...(has(everyDays) && !retraining.on.includes('schedule')
      ? [unusedSetting(everyDays, 'without a schedule', 'add `schedule` to `retraining.on`')]
      : []),
  ];
};

function unusedSetting(path: readonly string[], when: string, instead: string): UnplacedFinding {
  return {
    path,
    atName: true,
    what: `\`${path.join('.')}\` has no effect ${when}.`,
    remedy: `Remove the line, or ${instead}.`,
  };
}

/** A window of days is one of the rows' own time. */
export const windowNeedsTime: DefinitionRule = ({ definition: { retraining, time } }) =>
  retraining.data === 'window' && time === undefined
    ? [
        {
          path: ['retraining', 'data'],
          what: '`retraining.data: window` needs to know when each row happened, and the definition names no `time` column.',
          remedy: 'Write `time:` with the column that says so, or `data: append`.',
        },
      ]
    : [];

export const triggersAreListedOnce: DefinitionRule = ({ definition: { retraining } }) =>
  retraining.on.flatMap((trigger, index) =>
    retraining.on.indexOf(trigger) === index
      ? []
      : [
          {
            path: ['retraining', 'on', index],
            what: `\`${trigger}\` is in the list twice.`,
            remedy: 'Remove one of them.',
          },
        ],
  );

/** An alarm that cannot go off leads to nothing; only a list that the user wrote is held against that. */
export const alarmsAreWatchedFor: DefinitionRule = ({ definition: { retraining, monitoring }, has }) => {
  const alarms = retraining.on.filter((trigger) => trigger === 'drift' || trigger === 'quality');
  if (monitoring.enabled || alarms.length === 0 || !has(['retraining', 'on'])) return [];
  return [
    {
      path: ['retraining', 'on'],
      what: `\`retraining.on\` lists ${list(alarms)}, but \`monitoring.enabled: false\` watches for neither.`,
      remedy: 'Take them from the list, or remove `enabled: false`.',
    },
  ];
};

/**
 * Where a batch replaces the data, predictions cannot be added to it, so a retraining has only the newest batch, which new data as a
 * trigger has trained already.
 */
export const replacedDataLeavesSomething: DefinitionRule = ({
  definition: { retraining, ingestion },
  has,
}) => {
  const others = retraining.on.filter((trigger) => trigger !== 'new-data');
  const isTrainedAtOnce = retraining.on.includes('new-data');
  if (ingestion.mode !== 'replace' || !isTrainedAtOnce || others.length === 0) return [];
  if (!has(['retraining', 'on'])) return [];
  return [
    {
      path: ['retraining', 'on'],
      what: `With \`ingestion.mode: replace\` and \`new-data\` every batch is trained when it comes, so ${list(others)} would find nothing new to train with.`,
      remedy: 'Write `on: [new-data]`, or leave `new-data` out, or write `ingestion.mode: append`.',
    },
  ];
};

/** Rows that a retraining adds are a batch, and ingest holds it to the batch's own minimum. */
export const newRowsMakeABatch: DefinitionRule = ({ definition: { retraining, ingestion }, has }) => {
  const path = ['retraining', 'minimumNewRows'];
  const isTooFew = retraining.minimumNewRows < ingestion.minimumRows;
  if (ingestion.mode === 'replace' || !isTooFew || !has(path)) return [];
  return [
    {
      path,
      what: `\`retraining.minimumNewRows\` is ${retraining.minimumNewRows}, but new rows become a batch, which needs ${ingestion.minimumRows} (\`ingestion.minimumRows\`).`,
      remedy: `Write ${ingestion.minimumRows} or more, or lower \`ingestion.minimumRows\`.`,
    },
  ];
};

const hoursPerDay = 24;

/** A cap that the cooldown alone keeps from ever being reached would mislead. */
export const capIsReachable: DefinitionRule = ({ definition: { retraining }, has }) => {
  const { maximumPerDay, cooldownHours } = retraining;
  const path = ['retraining', 'maximumPerDay'];
  if (!has(path) || maximumPerDay === 1 || (maximumPerDay - 1) * cooldownHours < hoursPerDay) return [];
  return [
    {
      path,
      what: `\`retraining.maximumPerDay\` is ${maximumPerDay}, but with \`cooldownHours: ${cooldownHours}\` there can be no ${maximumPerDay} in 24 hours.`,
      remedy: `Write \`maximumPerDay: 1\`, or \`cooldownHours: ${shorterCooldown(maximumPerDay)}\` or less.`,
    },
  ];
};

/** Just short of the even spacing, to a tenth of an hour. */
function shorterCooldown(maximumPerDay: number): number {
  return Math.floor((hoursPerDay / (maximumPerDay - 1) - 0.05) * 10) / 10;
}

/** A retraining may take as long as the time limit says, and the month's budget is never exceeded. */
export const budgetAllowsOneTraining: DefinitionRule = ({ definition: { retraining, training }, has }) => {
  const budget = ['retraining', 'monthlyTrainingMinutes'];
  const isAutomatic = retraining.on.some((trigger) => trigger !== 'new-data');
  if (!isAutomatic || training.timeLimitMinutes <= retraining.monthlyTrainingMinutes) return [];
  return [
    {
      path: has(budget) ? budget : ['training', 'timeLimitMinutes'],
      what: `\`retraining.monthlyTrainingMinutes\` is ${retraining.monthlyTrainingMinutes}, less than the ${training.timeLimitMinutes} minutes that one training may take (\`training.timeLimitMinutes\`): no retraining could begin.`,
      remedy: `Write \`retraining: { monthlyTrainingMinutes: ${training.timeLimitMinutes} }\` or more, or lower \`training.timeLimitMinutes\`.`,
    },
  ];
};
