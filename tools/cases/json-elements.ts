/**
 * The elements of a JSON array as they are written, so that what a caller wrote reaches a function unchanged: a number beyond what a
 * double holds, a name twice. `undefined`: the text is not an array.
 */
export function jsonElements(text: string): string[] | undefined {
  if (!Array.isArray(JSON.parse(text))) return undefined;
  const elements: string[] = [];
  let [depth, isText, start] = [0, false, 0];
  for (let index = 0; index < text.length; index += 1) {
    const letter = text[index];
    if (isText) {
      if (letter === '\\') index += 1;
      else if (letter === '"') isText = false;
      continue;
    }
    if (letter === '"') isText = true;
    else if (letter === '[' || letter === '{') {
      depth += 1;
      if (depth === 1) start = index + 1;
    } else if (letter === ']' || letter === '}') {
      depth -= 1;
      if (depth === 0) elements.push(text.slice(start, index));
    } else if (letter === ',' && depth === 1) {
      elements.push(text.slice(start, index));
      start = index + 1;
    }
  }
  const trimmed = elements.map((element) => element.trim());
  return trimmed.length === 1 && trimmed[0] === '' ? [] : trimmed;
}
