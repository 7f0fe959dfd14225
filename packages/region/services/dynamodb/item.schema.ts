import * as z from 'zod';

/** An item or a key on the wire: attribute names to tagged values (`{ S: … }`). What is inside, dynalite checks. */
export const itemSchema = z.record(z.string(), z.record(z.string(), z.unknown()));
