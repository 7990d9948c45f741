/** Exit codes of the `edgebook` command. */
export const EXIT_FAILED = 1;
/** The command was not understood, or only a part of a file could be imported. */
export const EXIT_PARTIAL = 2;

/** Something the person at the terminal can put right: one sentence, no stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT_FAILED) {
    super(message);
    this.exitCode = exitCode;
  }
}
