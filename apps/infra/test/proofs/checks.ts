/** Counts what was proven, and says each thing as it is known. */
export interface Checks {
  /** Runs a check; a thrown error fails it and lets the rest go on. @returns whether it passed */
  check(name: string, run: () => Promise<void> | void): Promise<boolean>;
  readonly passed: number;
  readonly failed: number;
}

export function createChecks(say: (line: string) => void): Checks {
  let passed = 0;
  let failed = 0;
  return {
    async check(name, run) {
      const started = performance.now();
      const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
      try {
        await run();
        passed += 1;
        say(`passed  ${name} (${seconds()})`);
        return true;
      } catch (error) {
        failed += 1;
        say(
          `FAILED  ${name} (${seconds()})\n${indented(error instanceof Error ? error.message : String(error))}`,
        );
        return false;
      }
    },
    get passed() {
      return passed;
    },
    get failed() {
      return failed;
    },
  };
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '        ');
}
