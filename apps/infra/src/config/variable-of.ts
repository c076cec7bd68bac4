/** The environment variable that overrides a setting: `lambdaMemorySize` -> `DOFS_LAMBDA_MEMORY_SIZE` */
export function variableOf(setting: string): string {
  return `DOFS_${setting.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
