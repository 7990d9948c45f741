import { sql } from 'kysely';
import type { ProviderStatus } from '../domain/catalog.ts';
import type { Tx } from './database.ts';

export interface ProviderState {
  readonly status: ProviderStatus;
  readonly version: number;
}

/** Locks a provider's row; null when there is none. */
export async function lockProvider(tx: Tx, slug: string): Promise<ProviderState | null> {
  const row = await tx
    .selectFrom('provider')
    .select(['status', 'version'])
    .where('slug', '=', slug)
    .forUpdate()
    .executeTakeFirst();
  return row ?? null;
}

/** Sets the status of a locked provider and raises its version. */
export async function writeProviderStatus(
  tx: Tx,
  slug: string,
  next: ProviderState,
): Promise<void> {
  await tx
    .updateTable('provider')
    .set({
      status: next.status,
      version: next.version,
      last_seen_at: sql<string>`clock_timestamp()`,
    })
    .where('slug', '=', slug)
    .execute();
}
