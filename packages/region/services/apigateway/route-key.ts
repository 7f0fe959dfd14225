/** A route's method and path, or `$default`. */
export interface RouteKey {
  /** As the template has it: `GET /pets/{id}`. */
  readonly text: string;
  /** `ANY`, or a method of HTTP; of `$default` too. */
  readonly method: string;
  /** Of the path, without the slashes: a name, `{name}` or `{name+}`. Nothing for `$default`. */
  readonly segments: readonly string[] | undefined;
}

/** What a request's path holds for a route's variables, decoded. */
export type PathParameters = Readonly<Record<string, string>>;

export const defaultRoute = '$default';

const methods = ['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];
const variable = /^\{(?<name>[\w.:-]+)(?<greedy>\+?)\}$/;

/** @returns the route key, or what is wrong with it */
export function parseRouteKey(text: string): RouteKey | string {
  if (text === defaultRoute) return { text, method: 'ANY', segments: undefined };
  const [method = '', path = '', ...others] = text.split(' ');
  if (!methods.includes(method) || !path.startsWith('/') || others.length > 0)
    return `'${text}' is neither $default nor a method (${methods.join(', ')}) and a path that begins with a slash`;
  const segments = segmentsOf(path);
  const greedy = segments.findIndex((segment) => variable.exec(segment)?.groups?.greedy === '+');
  if (greedy >= 0 && greedy < segments.length - 1)
    return `'${text}' has a greedy variable that is not at the end of its path`;
  const names = segments.flatMap((segment) => variable.exec(segment)?.groups?.name ?? []);
  if (new Set(names).size < names.length) return `'${text}' names a variable twice`;
  const broken = segments.find((segment) => /[{}]/.test(segment) && !variable.test(segment));
  if (broken !== undefined)
    return `'${text}' has a segment that is neither a name nor a variable: '${broken}'`;
  return { text, method, segments };
}

/** Whether two keys catch the same requests: the names of variables do not tell routes apart. */
export function isSameRoute(one: RouteKey, other: RouteKey): boolean {
  return shapeOf(one) === shapeOf(other);
}

const shapeOf = ({ text, method, segments }: RouteKey) =>
  segments === undefined
    ? text
    : `${method} /${segments.map((s) => s.replace(variable, '{$<greedy>}')).join('/')}`;

/**
 * The route that answers: the most specific path, segment by segment (a name before a variable before a greedy one), then its
 * method before `ANY`; `$default` when no other fits.
 * @param path as it was sent, without its query
 */
export function selectRoute<ApiRoute extends { readonly key: RouteKey }>(
  routes: readonly ApiRoute[],
  method: string,
  path: string,
): { readonly route: ApiRoute; readonly parameters: PathParameters } | undefined {
  const given = segmentsOf(path);
  const fitting = routes.flatMap((route) => {
    if (route.key.method !== 'ANY' && route.key.method !== method) return [];
    const parameters = parametersOf(route.key, given);
    return parameters ? [{ route, parameters }] : [];
  });
  return fitting.sort((one, other) => compareRank(rankOf(one.route.key), rankOf(other.route.key)))[0];
}

function parametersOf({ segments }: RouteKey, given: readonly string[]): PathParameters | undefined {
  if (segments === undefined) return {};
  const parameters: [string, string][] = [];
  for (const [index, segment] of segments.entries()) {
    const { name, greedy } = variable.exec(segment)?.groups ?? {};
    if (greedy === '+') {
      const rest = given.slice(index).join('/');
      return rest === '' ? undefined : Object.fromEntries([...parameters, [name ?? '', decoded(rest)]]);
    }
    const value = given[index];
    if (value === undefined) return undefined;
    if (name === undefined ? decoded(value) !== segment : value === '') return undefined;
    if (name !== undefined) parameters.push([name, decoded(value)]);
  }
  return segments.length === given.length ? Object.fromEntries(parameters) : undefined;
}

const segmentsOf = (path: string) => path.slice(1).split('/');

/** A path that is not encoded well stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The lower, the more specific; compared from the first segment on, and last by the method. */
function rankOf({ method, segments }: RouteKey): readonly number[] {
  const kinds = segments?.map((segment) => {
    const greedy = variable.exec(segment)?.groups?.greedy;
    return greedy === undefined ? 0 : greedy === '' ? 1 : 2;
  });
  return [...(kinds ?? [3]), method === 'ANY' ? 1 : 0];
}

function compareRank(one: readonly number[], other: readonly number[]): number {
  const index = one.findIndex((rank, at) => rank !== other[at]);
  return index < 0 ? 0 : (one[index] ?? 0) - (other[index] ?? 0);
}
