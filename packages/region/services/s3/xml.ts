import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import type * as z from 'zod';
import { s3Error } from './s3-error.ts';

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true });
const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: (name) => name === 'Part' || name === 'Object',
});

/** An XML document of S3. Arrays repeat their element, `undefined` leaves it out. */
export function xmlDocument(root: string, content: Readonly<Record<string, unknown>>): string {
  const body = builder.build({ [root]: { '@_xmlns': namespace, ...defined(content) } });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${escapeCarriageReturns(body)}`;
}

/** S3's error document, which has no namespace. */
export function errorDocument(content: Readonly<Record<string, unknown>>): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${escapeCarriageReturns(builder.build({ Error: defined(content) }))}`;
}

/** Parses a document into the schema's shape; `MalformedXML` if it does not fit. */
export function parseXml<Schema extends z.ZodType>(text: string, schema: Schema): z.infer<Schema> {
  let document: unknown;
  try {
    document = parser.parse(text, true);
  } catch {
    throw s3Error.malformedXml();
  }
  const parsed = schema.safeParse(document);
  if (!parsed.success) throw s3Error.malformedXml();
  return parsed.data;
}

/** A parser turns a bare carriage return into a line feed, which would be another key. */
function escapeCarriageReturns(text: string): string {
  return text.replaceAll('\r', '&#13;');
}

function defined(content: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined));
}
