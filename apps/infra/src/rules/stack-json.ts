/** A synthesized stack, as far as the rules look at it. */
export interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Arguments>>>>;
}

export type Arguments = Readonly<Record<string, unknown>>;

export interface Resource {
  /** `aws_sqs_queue.order_queue` */
  readonly address: string;
  readonly args: Arguments;
}

/** A rule over a whole stack. @returns a line for each violation: the address, what is wrong, what to change */
export type Rule = (stack: StackJson) => readonly string[];

export function resourcesOf(stack: StackJson, type: string): readonly Resource[] {
  return Object.entries(stack.resource?.[type] ?? {}).map(([name, args]) => ({
    address: `${type}.${name}`,
    args,
  }));
}

/** The resource that a `${type.name.attribute}` reference points at. */
export function referredTo(stack: StackJson, reference: unknown): Resource | undefined {
  const match = typeof reference === 'string' ? /^\$\{(\w+)\.([\w-]+)\.\w+\}$/.exec(reference) : null;
  const [, type, name] = match ?? [];
  return type === undefined || name === undefined
    ? undefined
    : resourcesOf(stack, type).find(({ address }) => address === `${type}.${name}`);
}

/** An argument that is a number. Absent where it isn't set. */
export function numberArgument({ args }: Resource, name: string): number | undefined {
  const value = args[name];
  return typeof value === 'number' ? value : undefined;
}
