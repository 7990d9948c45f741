import { Command, CommanderError } from 'commander';
import { CliError, EXIT_FAILED, EXIT_PARTIAL } from './cli-error.ts';
import { importCommand } from './import/import.ts';
import { migrateCommand } from './migrate.ts';
import { printNote } from './output.ts';
import { replayCommand } from './replay/replay.ts';
import { serveCommand } from './serve.ts';
import { tokenCommand } from './token.ts';
import { verifyBookCommand } from './verify-book/verify-book.ts';

const program = new Command('edgebook')
  .description(
    'the GraphQL API for GPU marketplaces; every subcommand reads the same environment as the server',
  )
  .addCommand(serveCommand())
  .addCommand(migrateCommand())
  .addCommand(tokenCommand())
  .addCommand(importCommand())
  .addCommand(replayCommand())
  .addCommand(verifyBookCommand());

throwInsteadOfExit(program);

/** Exit codes are set and not called for, so that what was printed is written out first. */
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
  if (!(error instanceof CommanderError))
    printNote(error instanceof Error ? error.message : String(error));
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) throwInsteadOfExit(child);
}

/** Commander has printed its help (0) or what it did not understand. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_PARTIAL;
  return error instanceof CliError ? error.exitCode : EXIT_FAILED;
}
