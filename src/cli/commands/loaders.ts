import type { CommandModule } from 'yargs';

/** Makes a command, which leaves its exit code in `result`. */
export type CommandLoader = (result: { exit: number }) => Promise<CommandModule>;

/** The commands in the order of the help. A program that does one thing loads what it takes for that one. */
export const loaders: Readonly<Record<string, CommandLoader>> = {
  run: async (result) => (await import('./run.ts')).runCommand(result),
  fuzz: async (result) => (await import('./fuzz.ts')).fuzzCommand(result),
  replay: async (result) => (await import('./replay.ts')).replayCommand(result),
  serve: async (result) => (await import('./serve.ts')).serveCommand(result),
  client: async (result) => (await import('./client.ts')).clientCommand(result),
  probe: async (result) => (await import('./probe.ts')).probeCommand(result),
  init: async (result) => (await import('./init.ts')).initCommand(result),
  selftest: async (result) => (await import('./selftest.ts')).selftestCommand(result),
  list: async (result) => (await import('./list.ts')).listCommand(result),
  explain: async (result) => (await import('./explain.ts')).explainCommand(result),
  check: async (result) => (await import('./check.ts')).checkCommand(result),
  report: async (result) => (await import('./report.ts')).reportCommand(result),
  compare: async (result) => (await import('./compare.ts')).compareCommand(result),
  schema: async (result) => (await import('./schema.ts')).schemaCommand(result),
};
