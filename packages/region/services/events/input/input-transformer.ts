import type { AwsEvent } from '../../../gateway/service.ts';
import { jsonPath } from './json-path.ts';

export interface InputTransformer {
  /** Variable names to paths into the event. */
  readonly paths: Readonly<Record<string, string>>;
  /** JSON in which `<name>` stands for a variable. */
  readonly template: string;
}

/** What EventBridge offers to templates besides the event's own values. */
export interface RuleContext {
  readonly ruleArn: string;
  readonly ruleName: string;
  /** ISO 8601: when EventBridge took the event. */
  readonly ingestionTime: string;
}

const maxPaths = 100;
const maxTemplateCharacters = 8192;

/** Throws an Error that says what is wrong with a transformer. */
export function assertTransformer({ paths, template }: InputTransformer): void {
  const names = Object.keys(paths);
  if (names.length > maxPaths) throw new Error(`more than ${maxPaths} input paths`);
  if (template.length > maxTemplateCharacters)
    throw new Error(`a template of more than ${maxTemplateCharacters} characters`);
  for (const name of names) {
    if (name.startsWith('AWS')) throw new Error(`an input path named ${name}: names must not start with AWS`);
    jsonPath(paths[name] ?? '');
  }
  for (const [, name = ''] of template.matchAll(placeholder))
    if (!Object.hasOwn(paths, name) && !name.startsWith('aws.events.'))
      throw new Error(`the template uses <${name}>, which InputPathsMap does not define`);
}

const placeholder = /<([\w.-]+)>/g;

/**
 * Fills a template. Between quotation marks a variable's text is put in as it is; elsewhere as JSON. A variable whose
 * path leads nowhere is empty text.
 * @returns JSON
 * @throws Error if the outcome is not JSON, as for an object between quotation marks
 */
export function transformedInput(
  { paths, template }: InputTransformer,
  event: AwsEvent,
  context: RuleContext,
): string {
  const filled = template.replace(placeholder, (_match, name: string, offset: number) => {
    const value = variable(name, paths, event, context) ?? '';
    if (!isInsideText(template, offset)) return JSON.stringify(value);
    return typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : JSON.stringify(value);
  });
  JSON.parse(filled);
  return filled;
}

function variable(
  name: string,
  paths: Readonly<Record<string, string>>,
  event: AwsEvent,
  { ruleArn, ruleName, ingestionTime }: RuleContext,
): unknown {
  const { detail: _detail, ...eventWithoutDetail } = event;
  const predefined: Readonly<Record<string, unknown>> = {
    'aws.events.rule-arn': ruleArn,
    'aws.events.rule-name': ruleName,
    'aws.events.event.ingestion-time': ingestionTime,
    'aws.events.event.json': event,
    'aws.events.event': eventWithoutDetail,
  };
  if (Object.hasOwn(predefined, name)) return predefined[name];
  const path = paths[name];
  return path === undefined ? undefined : jsonPath(path)(event);
}

/** Whether an odd number of quotation marks, escaped ones aside, stands before. */
function isInsideText(template: string, offset: number): boolean {
  const marks = template.slice(0, offset).replaceAll('\\"', '').match(/"/g);
  return (marks?.length ?? 0) % 2 === 1;
}
