/** What may ask for a new training by itself: a definition lists those that do (`retraining.on`). */
export const automaticTriggers = ['drift', 'quality', 'schedule'] as const;

/** What asks for a new training. A person may always ask, whatever the definition says. */
export const retrainingTriggers = [...automaticTriggers, 'manual'] as const;
export type RetrainingTrigger = (typeof retrainingTriggers)[number];
