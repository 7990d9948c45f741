import { Command } from 'commander';

export function serveCommand(): Command {
  return new Command('serve')
    .description('start a node and serve until SIGTERM or SIGINT, as npm start does')
    .action(serve);
}

/** The entry point of the server is the server: it reads the environment, starts and handles signals. */
async function serve(): Promise<void> {
  await import('../main.ts');
}
