import { AwsError } from '../../aws-error.ts';
import type { MessageAttribute } from './queue.schema.ts';
import { invalidParameterValue, missing } from './sqs-input.ts';

/** SQS's limit on the attributes of a message. */
const maxAttributes = 10;
/** What the API reference of SendMessage allows in a name: letters, digits, `_`, `-` and single dots inside, up to 256. */
const attributeName = /^(?!.*\.\.)(?!\.)[\w.-]{1,256}(?<!\.)$/;
const reservedName = /^(aws|amazon)\./i;
/** The type is `String`, `Number` or `Binary`, and may have a label behind a dot. */
const attributeType = /^(String|Number|Binary)(\.|$)/;
const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Checks what a message holds.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 * @throws AwsError `InvalidMessageContents`, `InvalidParameterValue`, `MissingParameter`
 */
export function assertContent(body: string, attributes: Readonly<Record<string, MessageAttribute>>): void {
  if (!isText(body))
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    );
  const entries = Object.entries(attributes);
  if (entries.length > maxAttributes)
    throw invalidParameterValue(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${maxAttributes}].`,
    );
  for (const [name, attribute] of entries) assertAttribute(name, attribute);
}

/** Whether there are only characters that XML 1.0 has. */
function isText(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const isAllowed =
      code >= 0x20
        ? (code <= 0xd7ff || code >= 0xe000) && code !== 0xfffe && code !== 0xffff
        : [9, 10, 13].includes(code);
    if (!isAllowed) return false;
  }
  return true;
}

function assertAttribute(name: string, { DataType, StringValue, BinaryValue }: MessageAttribute): void {
  if (!attributeName.test(name) || reservedName.test(name))
    throw invalidParameterValue(
      `Message (user) attribute name '${name}' is invalid. It can have letters, digits, '_', '-' and single dots inside, up to 256 characters, and cannot begin with 'AWS.' or 'Amazon.'.`,
    );
  if (DataType === '') throw missing(`MessageAttributes.${name}.DataType`);
  const [kind] = DataType.split('.');
  if (!attributeType.test(DataType) || DataType.length > 256)
    throw invalidParameterValue(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  const value = kind === 'Binary' ? BinaryValue : StringValue;
  if (value === undefined || value === '')
    throw invalidParameterValue(
      `Message (user) attribute '${name}' must contain a non-empty value of type '${kind === 'Binary' ? 'Binary' : 'String'}'.`,
    );
  if (kind !== 'Binary' && !isText(value))
    throw invalidParameterValue(
      `Invalid characters found in the value of message (user) attribute '${name}'.`,
    );
  if (kind === 'Number' && !number.test(value))
    throw invalidParameterValue(`Can't cast the value of message (user) attribute '${name}' to a number.`);
}
