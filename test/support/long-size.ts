import * as z from 'zod';

/** Of the long tests: `LONG=full npm run test:long` takes hours, and without it they are done in minutes. */
const { LONG } = z.object({ LONG: z.enum(['short', 'full']).default('short') }).parse(process.env);

export const isFull = LONG === 'full';
