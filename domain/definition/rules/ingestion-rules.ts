import type { UnplacedFinding } from '../definition-finding.ts';
import type { DefinitionRule } from './definition-rule.ts';

const belongsTo = { quietSeconds: 'quiet-period', marker: 'marker' } as const;

/** A setting of another way to complete a batch would be ignored, and its author would wonder why. */
export const completionSettingsApply: DefinitionRule = ({ definition: { ingestion }, has }) => {
  const settings = ['quietSeconds', 'marker'] as const;
  return settings.flatMap((setting): UnplacedFinding[] => {
    const path = ['ingestion', setting];
    const way = belongsTo[setting];
    if (!has(path) || ingestion.complete === way) return [];
    return [
      {
        path,
        atName: true,
        what: `\`ingestion.${setting}\` has no effect when a batch is complete by ${ingestion.complete}.`,
        remedy: `Remove the line, or write \`complete: ${way}\`.`,
      },
    ];
  });
};

/** Where a marker file is the last part of a key, it has no folders of its own. */
export const markerIsAFileName: DefinitionRule = ({ definition: { ingestion } }) =>
  ingestion.complete === 'marker' && ingestion.marker.includes('/')
    ? [
        {
          path: ['ingestion', 'marker'],
          what: `\`ingestion.marker\` is "${ingestion.marker}", but it is compared with the last part of a key, which has no slash.`,
          remedy: 'Write the file’s name alone, such as `marker: _SUCCESS`.',
        },
      ]
    : [];
