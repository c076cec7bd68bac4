import { distance } from 'fastest-levenshtein';
import { EnvironmentConfig, ProjectConfig } from './environment-config.ts';
import { variableOf } from './variable-of.ts';

/** What else is read from variables that begin with DOFS_: by the synthesis, by dofs and by the tests. */
const OTHER_VARIABLES = [
  'DOFS_ENVIRONMENT',
  'DOFS_STATE_BACKEND',
  'DOFS_STATE_BUCKET',
  'DOFS_STATE_DIR',
  'DOFS_STATE_NOTE',
  'DOFS_API_URL',
  'DOFS_API_KEY',
  'DOFS_DEBUG',
  'DOFS_PREFIX',
  'DOFS_REQUIRE_TERRAFORM',
];
const KNOWN = [
  ...[EnvironmentConfig, ProjectConfig].flatMap(({ properties }) => Object.keys(properties).map(variableOf)),
  ...OTHER_VARIABLES,
];

/** Letters that may be wrong, missing or too many: few enough that a variable of somebody else's is let through. */
const MISTAKES = 2;

/**
 * Variables that are meant for a setting and miss it: by some letters, or by a word that was left out. What they
 * should set would otherwise keep its value, and nobody would be told.
 * @returns a line for each, with the variable that is likely meant
 */
export function misspeltVariables(
  variables: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  return Object.keys(variables)
    .filter((variable) => variable.startsWith('DOFS_') && !KNOWN.includes(variable))
    .flatMap((variable) => {
      const meant = KNOWN.find(
        (known) => distance(variable, known) <= MISTAKES || leavesOut(variable, known),
      );
      return meant === undefined
        ? []
        : [`${variable} is no setting: did you mean ${meant}? Correct it, or unset ${variable}`];
    });
}

/** Whether `variable` has at least two words, all of them words of `known`: DOFS_SUCCESS_RATE. */
function leavesOut(variable: string, known: string): boolean {
  const words = variable.split('_').slice(1);
  const knownWords = known.split('_');
  return words.length >= 2 && words.every((word) => knownWords.includes(word));
}
