import { Command, InvalidArgumentError, Option } from 'commander';
import { loadConfig } from '../config.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../domain/time.ts';
import { isAccountId, TOKEN_ROLES, type TokenRole } from '../domain/viewer.ts';
import { printLine } from './output.ts';

interface TokenOptions {
  readonly account: string;
  readonly role: TokenRole;
  readonly expires: number;
}

const UNITS_MS = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS } as const;
const MAX_EXPIRES_MS = 366 * DAY_MS;

export function tokenCommand(): Command {
  return new Command('token')
    .description('print a bearer token, and nothing else')
    .requiredOption(
      '--account <id>',
      "the token's subject; a provider's account is its slug",
      parseAccount,
    )
    .addOption(
      new Option('--role <role>', 'what it may do').choices(TOKEN_ROLES).makeOptionMandatory(),
    )
    .option('--expires <duration>', 'from now, like 90s, 30m, 1h or 7d', parseDuration, HOUR_MS)
    .action(printToken);
}

async function printToken({ account, role, expires }: TokenOptions): Promise<void> {
  const { issueToken } = await import('../app.ts');
  printLine(await issueToken(loadConfig(), { account, role, expiresInMs: expires }));
}

function parseAccount(text: string): string {
  if (isAccountId(text)) return text;
  throw new InvalidArgumentError(
    'It must be 1-255 characters without control characters and without spaces around them.',
  );
}

/** `90s`, `30m`, `1h`, `7d` in milliseconds. */
export function parseDuration(text: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const durationMs = Number(amount) * (UNITS_MS[unit as keyof typeof UNITS_MS] ?? 0);
  if (durationMs > 0 && durationMs <= MAX_EXPIRES_MS) return durationMs;
  throw new InvalidArgumentError('It must be like 90s, 30m, 1h or 7d, up to 366d.');
}
