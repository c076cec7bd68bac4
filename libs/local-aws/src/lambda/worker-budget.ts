/** Workers cost memory, and more of them than cores don't make anything faster: all functions share a number. */
export interface WorkerBudget {
  /** Takes one worker's place, if need be by stopping an idle worker of another function. */
  take(): boolean;
  /** Takes a place even if there is none: a function's first worker can't wait for those who may wait for it. */
  force(): void;
  release(): void;
  /** @param stopOne stops the function's longest idle worker; false where it has none */
  join(stopOne: () => boolean): void;
}

export function createWorkerBudget(limit: number): WorkerBudget {
  const members: (() => boolean)[] = [];
  let taken = 0;
  const makeRoom = () => taken < limit || (members.some((stopOne) => stopOne()) && taken < limit);
  return {
    take: () => {
      if (!makeRoom()) {
        return false;
      }
      taken += 1;
      return true;
    },
    force: () => {
      makeRoom();
      taken += 1;
    },
    release: () => {
      taken -= 1;
    },
    join: (stopOne) => {
      members.push(stopOne);
    },
  };
}
