import type { Page } from './markdown.ts';

/** A command as the reader would paste it. */
export interface DocumentedCommand {
  readonly command: string;
  /** The answer that the page promises, where it gives one in a comment below the command. */
  readonly answer?: string;
}

/** A shell block of a page, or a command within its text: its commands are meant to be run one after the other. */
export interface DocumentedBlock {
  readonly page: string;
  readonly commands: readonly DocumentedCommand[];
}

/** Why a documented command isn't run by the tests; the first that fits counts. */
const NOT_RUN: readonly (readonly [RegExp, string])[] = [
  [/^export /, 'the tests set these variables themselves'],
  [/^(git|cd) /, 'concerns the own checkout of the reader'],
  [/^terraform /, 'needs a deployed stack'],
  [
    /^npx cdktf (deploy|destroy|diff) /,
    'needs an AWS account; the Terraform proofs run it against an emulator',
  ],
  [/^npx cdktf synth/, 'writes into cdktf.out of this checkout; the infra tests synthesize'],
  [/^npm /, 'takes too long here; that the script exists is checked'],
  [/^node \S+\.ts/, 'takes too long here; that the file exists is checked'],
  [/^(npx dofs logs|aws sqs( get-queue-url)?)$/, 'names what is meant, and is no whole command'],
  [/^npx dofs test stress$/, 'runs with a report, which a block of README.md asks for'],
  [/^aws (apigateway|codepipeline|s3|ssm|cloudwatch|events) /, 'a service that this machine does not have'],
  [/^aws lambda (list|update)-event-source-mapping/, 'an operation that this machine does not have'],
  [/^npx dofs test (staging|prod)/, 'needs a system of that environment'],
  [/^npx dofs failed redrive .*--yes/, 'would redrive the orders of other suites'],
  [/^npx dofs logs .*--follow/, 'ends only by Ctrl-C'],
];

/** @returns why the command isn't run, or undefined where it is */
export function reasonNotToRun(command: string): string | undefined {
  return NOT_RUN.find(([pattern]) => pattern.test(command))?.[1];
}

/** Commands that the tests run, of which the readers' shells know more than the three programs. */
export function isRunnable(command: string): boolean {
  return /^(curl|aws|npx dofs|echo .*\| npx dofs) /.test(command);
}

/** A page's shell blocks; a block without a language is one if it begins with `npx`. */
export function shellBlocksOf({ path, fences }: Page): readonly DocumentedBlock[] {
  return fences
    .filter(({ language, lines }) => ['bash', 'sh'].includes(language) || isUnnamedShell(language, lines))
    .map(({ lines }) => ({ page: path, commands: readCommands(lines) }));
}

/** The commands of `dofs` and `aws` that stand in a page's text and tables, each a block of its own. */
export function commandsInTextOf({ path, codeSpans }: Page): readonly DocumentedBlock[] {
  return codeSpans
    .filter((span) => /^(npx dofs|aws) \S/.test(span))
    .map((command) => ({ page: path, commands: [{ command }] }));
}

function isUnnamedShell(language: string, lines: readonly string[]): boolean {
  return language === '' && lines[0]?.startsWith('npx ') === true;
}

function readCommands(lines: readonly string[]): DocumentedCommand[] {
  const commands: DocumentedCommand[] = [];
  let begun = '';
  for (const line of lines) {
    const text = line.trim();
    const last = commands.at(-1);
    if (begun === '' && text.startsWith('# {') && last !== undefined) {
      commands[commands.length - 1] = { ...last, answer: text.slice(2) };
    } else if (text !== '' && !text.startsWith('# ')) {
      begun += text.replace(/\\$/, '').replace(/\s+# .*$/, '');
      if (!/[\\|]$/.test(text)) {
        commands.push({ command: begun.replaceAll(/\s+/g, ' ').trim() });
        begun = '';
      }
    }
  }
  return commands;
}
