import { AwsError, type JsonObject } from '../service-call.ts';

const INTEGERS = ['DelaySeconds', 'MaxNumberOfMessages', 'VisibilityTimeout', 'WaitTimeSeconds'];
const TEXTS = ['Id', 'MessageBody', 'MessageDeduplicationId', 'MessageGroupId', 'ReceiptHandle'];
const TEXT_LISTS = ['AttributeNames', 'MessageAttributeNames', 'MessageSystemAttributeNames', 'TagKeys'];
const MAPS = ['Attributes', 'MessageAttributes', 'MessageSystemAttributes', 'Tags'];
const POLICIES = ['RedrivePolicy', 'RedriveAllowPolicy'];

/**
 * Checks the kinds of a request's parameters, which fauxqs takes as they come: on one of another kind it fails, or
 * waits for ever.
 * @throws AwsError InvalidParameterValue
 */
export function checkInput(input: JsonObject): void {
  checkKinds(input);
  const { Attributes, Entries } = input;
  if (isMap(Attributes)) {
    POLICIES.forEach((policy) => checkPolicy(policy, Attributes[policy]));
  }
  if (Entries === undefined) {
    return;
  }
  if (!Array.isArray(Entries)) {
    throw invalid('Entries', Entries, 'Must be a list.');
  }
  for (const entry of Entries as readonly unknown[]) {
    if (!isMap(entry)) {
      throw invalid('Entries', entry, 'Must be an object.');
    }
    checkKinds(entry);
  }
}

function checkKinds(input: JsonObject): void {
  check(input, INTEGERS, Number.isInteger, 'Must be an integer.');
  check(input, TEXTS, isText, 'Must be a string.');
  check(
    input,
    TEXT_LISTS,
    (value) => Array.isArray(value) && value.every(isText),
    'Must be a list of strings.',
  );
  check(input, MAPS, isMap, 'Must be an object.');
  const { Attributes, MessageAttributes } = input;
  if (isMap(Attributes)) {
    check(Attributes, Object.keys(Attributes), isText, 'Must be a string.');
  }
  if (isMap(MessageAttributes)) {
    check(MessageAttributes, Object.keys(MessageAttributes), isMap, 'Must be an object.');
  }
}

function check(
  input: JsonObject,
  names: readonly string[],
  isOfKind: (value: unknown) => boolean,
  reason: string,
): void {
  for (const name of names) {
    const value = input[name];
    if (value !== undefined && value !== null && !isOfKind(value)) {
      throw invalid(name, value, reason);
    }
  }
}

/** An empty text takes a policy away. */
function checkPolicy(name: string, value: unknown): void {
  if (!isText(value) || value === '') {
    return;
  }
  const policy = parsed(value);
  if (!isMap(policy)) {
    throw invalid(name, value, 'Redrive policy is not a valid JSON map.');
  }
  if (name === 'RedrivePolicy') {
    const missing = ['deadLetterTargetArn', 'maxReceiveCount'].find((member) => policy[member] === undefined);
    if (missing !== undefined) {
      throw invalid(name, value, `Redrive policy does not contain mandatory attribute: ${missing}.`);
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The caller says what is wrong.
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isMap(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(name: string, value: unknown, reason: string): AwsError {
  const shown = isText(value) ? value : JSON.stringify(value);
  return new AwsError(
    'InvalidParameterValue',
    `Value ${shown} for parameter ${name} is invalid. Reason: ${reason}`,
  );
}
