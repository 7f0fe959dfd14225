import * as z from 'zod';

/** What windows are compared with. */
export const referenceKindSchema = z.enum(['baseline', 'previous-window', 'same-hour-of-week']);

/** How often a model's predictions are looked at, and what it takes to call something drift. */
export const monitoringSchema = z
  .strictObject({
    enabled: z.boolean().default(true).meta({
      description: 'Whether predictions are monitored. Without it there are no windows and no alarms.',
    }),
    every: z.enum(['hour', 'day']).default('day').meta({
      description:
        'How often a window of predictions is judged: every hour, or every day. Fewer predictions than minimumRows an hour call for days.',
    }),
    falseAlarmsPerYear: z.number().min(0.01).max(12).default(1).meta({
      description:
        'How many windows a year may be called drift though nothing has changed. Fewer also means that a change is found later.',
    }),
    minimumRows: z.int().min(50).max(1_000_000).default(200).meta({
      description: 'A window with fewer predictions is called insufficient and judged no further.',
    }),
    minimumDistance: z.number().min(0).max(1).default(0.1).meta({
      description:
        'How far a distribution must have moved to matter: its Jensen-Shannon distance to the reference, 0 (the same) to 1 (nothing in common).',
    }),
    compareWith: referenceKindSchema.default('baseline').meta({
      description:
        'What a window is compared with: the hold-out of the live version, the window before, or windows of the same hour of the week, for data with a weekly rhythm.',
    }),
    exclude: z
      .array(z.string().min(1).max(128))
      .max(2000)
      .default([])
      .meta({
        description:
          'Columns that are not tested for drift, such as a counter that rises by nature. The model still learns from them.',
        examples: [['day_number']],
      }),
    // A week of days; `functions/monitor/alarm-verdict.ts` remembers as many windows.
    alarm: z
      .strictObject({
        windows: z
          .int()
          .min(1)
          .max(7)
          .default(2)
          .meta({ description: 'Windows of the live version with drift that raise the alarm …' }),
        outOf: z
          .int()
          .min(1)
          .max(7)
          .default(3)
          .meta({ description: '… out of so many that could be judged.' }),
      })
      .prefault({})
      .refine(({ windows, outOf }) => windows <= outOf, {
        path: ['windows'],
        params: { remedy: 'Lower `windows`, or raise `outOf`.' },
        message: 'must not be more than outOf',
      })
      .meta({ description: 'When the alarm goes off: windows with drift, out of the latest ones.' }),
    quality: z
      .strictObject({
        maximumDrop: z.number().min(0).max(1).default(0.1).meta({
          description:
            'Share, 0 to 1, of what the version is better than a guess that it may lose before its quality counts as degraded, if windows do not differ as much anyway.',
        }),
        minimumLabels: z.int().min(50).max(1_000_000).default(200).meta({
          description:
            'With fewer labelled predictions the quality is estimated from the scores and not measured.',
        }),
      })
      .prefault({})
      .meta({ description: 'How well predictions must match the labels that arrive.' }),
  })
  .prefault({})
  .meta({ description: 'How predictions are monitored.' });
export type Monitoring = z.infer<typeof monitoringSchema>;
