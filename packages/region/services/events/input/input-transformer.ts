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
 * path leads nowhere is empty text. In a template that is a text itself, or several lines of texts, an object or a list is put in as JSON
 * without its quotation marks; AWS's answers were recorded by LocalStack (8b9a79f, `test_events_inputs.py`, 13 December 2024).
 * @returns JSON, or lines of it
 * @throws Error if the outcome is neither, as for an object between the quotation marks of an object's text
 */
export function transformedInput(
  { paths, template }: InputTransformer,
  event: AwsEvent,
  context: RuleContext,
): string {
  const isText = template.trimStart().startsWith('"');
  const filled = template.replace(placeholder, (_match, name: string, offset: number) => {
    const value = variable(name, paths, event, context) ?? '';
    if (!isInsideText(template, offset)) return JSON.stringify(value);
    if (typeof value === 'string') return JSON.stringify(value).slice(1, -1);
    const json = JSON.stringify(value);
    return isText ? json.replaceAll('\\"', '').replaceAll('"', '') : json;
  });
  for (const document of isText ? filled.split('\n') : [filled]) JSON.parse(document);
  return filled;
}

function variable(
  name: string,
  paths: Readonly<Record<string, string>>,
  event: AwsEvent,
  { ruleArn, ruleName, ingestionTime }: RuleContext,
): unknown {
  const { detail: _detail, 'detail-type': detailType, ...others } = event;
  const predefined: Readonly<Record<string, unknown>> = {
    'aws.events.rule-arn': ruleArn,
    'aws.events.rule-name': ruleName,
    'aws.events.event.ingestion-time': ingestionTime,
    'aws.events.event.json': event,
    // With this name in camel case (test_input_transformer_predefined_variables, 11 June 2024).
    'aws.events.event': { ...others, detailType },
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
