/** Finds what a text is about: an order's id, say. */
export type FindSubjects = (...texts: readonly (string | undefined)[]) => readonly string[];

/**
 * @param pattern a regular expression; a subject is its first group that matched, or without groups the whole match
 * @throws SyntaxError for a pattern that is none
 */
export function subjectFinder(pattern: string): FindSubjects {
  const expression = new RegExp(pattern, 'g');
  return (...texts) => {
    const found = new Set<string>();
    for (const text of texts) {
      for (const match of text?.matchAll(expression) ?? []) {
        found.add(match.slice(1).find((group) => group !== undefined) ?? match[0]);
      }
    }
    return [...found];
  };
}
