/** JSONata's own functions (2.x), without `$eval`, which Step Functions does not have. */
export const knownFunctions: ReadonlySet<string> = new Set([
  ...['sum', 'count', 'max', 'min', 'average', 'abs', 'floor', 'ceil', 'round', 'power', 'sqrt', 'random'],
  ...['string', 'length', 'substring', 'substringBefore', 'substringAfter', 'uppercase', 'lowercase', 'trim'],
  ...['pad', 'contains', 'split', 'join', 'match', 'replace', 'base64encode', 'base64decode'],
  ...['encodeUrl', 'encodeUrlComponent', 'decodeUrl', 'decodeUrlComponent'],
  ...['number', 'formatNumber', 'formatBase', 'formatInteger', 'parseInteger'],
  ...['boolean', 'not', 'exists', 'type', 'assert', 'error'],
  ...['append', 'sort', 'reverse', 'shuffle', 'distinct', 'zip', 'map', 'filter', 'single', 'reduce'],
  ...['keys', 'lookup', 'spread', 'merge', 'sift', 'each', 'clone'],
  ...['now', 'millis', 'fromMillis', 'toMillis'],
]);
