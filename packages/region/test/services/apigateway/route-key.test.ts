import { describe, expect, it } from 'vitest';
import { isSameRoute, parseRouteKey, selectRoute } from '../../../services/apigateway/route-key.ts';

function routesOf(...texts: string[]) {
  return texts.map((text) => {
    const key = parseRouteKey(text);
    if (typeof key === 'string') throw new Error(key);
    return { key };
  });
}

const select = (texts: string[], method: string, path: string) =>
  selectRoute(routesOf(...texts), method, path);

describe('the route that answers', () => {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html: the example under "Routing API requests".
  const documented = [
    '$default',
    'ANY /{proxy+}',
    'GET /pets/{proxy+}',
    'GET /pets/dog/{id}',
    'GET /pets/dog/1',
  ];

  it.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1'],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}'],
    ['GET', '/pets/cat/1', 'GET /pets/{proxy+}'],
    ['POST', '/test/5', 'ANY /{proxy+}'],
    ['GET', '/', '$default'],
    // A greedy variable holds something, and slashes at the end make another path.
    ['POST', '/pets/', 'ANY /{proxy+}'],
    ['GET', '/pets/', 'ANY /{proxy+}'],
    ['GET', '/pets/dog/', 'GET /pets/{proxy+}'],
    ['GET', '/pets/dog/2/toys', 'GET /pets/{proxy+}'],
  ])('to %s %s is %s', (method, path, expected) => {
    expect(select(documented, method, path)?.route.key.text).toBe(expected);
    expect(select([...documented].reverse(), method, path)?.route.key.text).toBe(expected);
  });

  it('is the one of the method before the one of any', () => {
    const routes = ['ANY /a', 'GET /a'];

    expect(select(routes, 'GET', '/a')?.route.key.text).toBe('GET /a');
    expect(select(routes, 'PUT', '/a')?.route.key.text).toBe('ANY /a');
  });

  it('is none where no route fits', () => {
    expect(select(['GET /a', 'GET /a/{b}'], 'POST', '/a')).toBeUndefined();
    expect(select(['GET /a', 'GET /a/{b}'], 'GET', '/a/')).toBeUndefined();
    expect(select(['GET /a', 'GET /a/{b}'], 'GET', '/A')).toBeUndefined();
  });

  it('gets the variables of its path, decoded', () => {
    expect(select(['GET /a/{b}/{c+}'], 'GET', '/a/x%20y/1%2F2/3')?.parameters).toEqual({
      b: 'x y',
      c: '1/2/3',
    });
    expect(select(['GET /a/{b}'], 'GET', '/a/100%')?.parameters).toEqual({ b: '100%' });
    expect(select(['GET /{__proto__}'], 'GET', '/x')?.parameters).toEqual(
      Object.fromEntries([['__proto__', 'x']]),
    );
  });
});

describe('a route key', () => {
  it.each([
    ['GET', 'neither $default nor a method'],
    ['get /a', 'neither $default nor a method'],
    ['TRACE /a', 'neither $default nor a method'],
    ['GET a', 'a path that begins with a slash'],
    ['GET /a /b', 'neither $default nor a method'],
    ['GET /{a+}/b', 'a greedy variable that is not at the end'],
    ['GET /{a}/{a}', 'names a variable twice'],
    ['GET /x{a}', "neither a name nor a variable: 'x{a}'"],
  ])('%s is refused: %s', (text, problem) => {
    expect(parseRouteKey(text)).toContain(problem);
  });

  it('is the same as another that differs in the names of its variables', () => {
    const [one, other, greedy] = routesOf('GET /a/{b}', 'GET /a/{c}', 'GET /a/{c+}');

    expect(one && other && isSameRoute(one.key, other.key)).toBe(true);
    expect(one && greedy && isSameRoute(one.key, greedy.key)).toBe(false);
  });
});
