import { intrinsics } from './intrinsics/index.ts';
import { ValueError } from './template-error.ts';
import { noValue, type TemplateScope } from './template-scope.ts';

/**
 * The value of a template's expression: intrinsic functions called, `AWS::NoValue` left out.
 * @throws ValueError with the path to what cannot be worked out.
 */
export function resolve(value: unknown, scope: TemplateScope): unknown {
  if (typeof value === 'string') return literal(value);
  if (Array.isArray(value)) return value.map((item, i) => member(i, item, scope)).filter(isValue);
  if (typeof value !== 'object' || value === null) return value;
  const call = intrinsicCall(value);
  if (call) return callIntrinsic(call, scope);
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, member(key, item, scope)] as const)
      .filter(([, item]) => isValue(item)),
  );
}

/** The function that an object calls: its only key is `Ref` or begins with `Fn::`. */
export function intrinsicCall(value: object): { name: string; argument: unknown } | undefined {
  const [first, ...others] = Object.entries(value);
  if (!first || others.length > 0) return undefined;
  const [name, argument] = first;
  return name === 'Ref' || name.startsWith('Fn::') ? { name, argument } : undefined;
}

function callIntrinsic(
  { name, argument }: { name: string; argument: unknown },
  scope: TemplateScope,
): unknown {
  const intrinsic = intrinsics.get(name);
  if (!intrinsic) throw new ValueError(`${name} is not served by the local region`);
  try {
    return intrinsic(argument, scope, resolve);
  } catch (error) {
    throw error instanceof ValueError ? error.within(name) : error;
  }
}

function member(key: string | number, value: unknown, scope: TemplateScope): unknown {
  try {
    return resolve(value, scope);
  } catch (error) {
    throw error instanceof ValueError ? error.within(key) : error;
  }
}

function literal(value: string): string {
  if (value.includes('{{resolve:')) {
    throw new ValueError('dynamic references ({{resolve:…}}) are not served by the local region');
  }
  return value;
}

function isValue(value: unknown): boolean {
  return value !== noValue;
}
