import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { unzipSync } from 'fflate';

/** Bundles as folders. */
export interface FunctionCode {
  /** The bundle's folder, absolute; a zip is unpacked at its first use. */
  taskRoot(code: string): string;
  /** Removes what was unpacked. */
  close(): void;
}

/**
 * Reads bundles that are folders where they are, and unpacks those that are zips.
 * @param folder for what is unpacked; what an earlier run that was killed left in it is removed
 */
export function openFunctionCode(folder: string): FunctionCode {
  rmSync(folder, { recursive: true, force: true });
  const unpacked = new Map<string, string>();
  return {
    taskRoot: (code) => {
      if (statSync(code).isDirectory()) {
        return code;
      }
      const known = unpacked.get(code);
      if (known !== undefined) {
        return known;
      }
      mkdirSync(folder, { recursive: true });
      const taskRoot = mkdtempSync(join(folder, 'function-'));
      unpacked.set(code, taskRoot);
      unpack(code, taskRoot);
      return taskRoot;
    },
    close: () => {
      rmSync(folder, { recursive: true, force: true });
      unpacked.clear();
    },
  };
}

function unpack(zip: string, folder: string): void {
  for (const [name, content] of Object.entries(unzipSync(readFileSync(zip)))) {
    const path = resolve(folder, name);
    if (!path.startsWith(folder + sep)) {
      throw new Error(`${zip}: ${name} leads out of the bundle`);
    }
    if (!name.endsWith('/')) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  }
}
