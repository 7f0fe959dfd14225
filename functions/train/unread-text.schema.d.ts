import { z } from 'zod';
/** What a simple model of a text column's words alone reaches; the version's model does not read them. */
export declare const unreadTextSchema: z.ZodObject<
  {
    value: z.ZodNumber;
    low: z.ZodNumber;
    high: z.ZodNumber;
    column: z.ZodString;
    metric: z.ZodString;
    rows: z.ZodInt;
  },
  z.core.$strip
>;
export type UnreadText = z.infer<typeof unreadTextSchema>;
