import { isSlug } from '../../domain/catalog.ts';
import { ForbiddenError, NotFoundError } from '../../domain/errors.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { appendAudit } from '../../store/audit-store.ts';
import type { Db } from '../../store/database.ts';
import { databaseNow } from '../../store/locks.ts';
import { lockProvider, writeProviderStatus } from '../../store/provider-store.ts';
import { unitIdsOfProvider } from '../../store/unit-write-store.ts';
import { providerStatusChanged } from '../event-drafts.ts';
import { requireReason } from '../input-rules.ts';
import { LockedUnit } from '../locked-unit.ts';
import type { SetProviderStatusCommand } from '../command-types.ts';
import type { UnitOfWork } from '../unit-of-work.ts';

const PROVIDER_ID = ['input', 'providerId'];

/**
 * Sets a provider's status, then brings its units into step in small transactions of their own. Should
 * the node end in between, the scheduler finds the units that are out of step.
 */
export async function setProviderStatus(
  deps: { readonly unitOfWork: UnitOfWork; readonly db: Db },
  viewer: Viewer,
  command: SetProviderStatusCommand,
): Promise<{ affectedGpus: number }> {
  const { provider: slug } = command;
  requireReason(command.reason, false);
  if (await writeStatus(deps.unitOfWork, viewer, command)) {
    let affectedGpus = 0;
    for (const id of await unitIdsOfProvider(deps.db, slug)) {
      if (await bringIntoStep(deps.unitOfWork, id)) affectedGpus += 1;
    }
    return { affectedGpus };
  }
  return { affectedGpus: 0 };
}

/** Stores the unit's status anew where it no longer follows from its provider's. */
export function bringIntoStep(unitOfWork: UnitOfWork, gpuId: string): Promise<boolean> {
  return unitOfWork(async (work) => (await LockedUnit.lock(work, gpuId)).statusChanged);
}

/** False when the provider has that status already. */
function writeStatus(
  unitOfWork: UnitOfWork,
  viewer: Viewer,
  command: SetProviderStatusCommand,
): Promise<boolean> {
  const { provider: slug, status, reason } = command;
  return unitOfWork(async (work) => {
    const old = isSlug(slug) ? await lockProvider(work.tx, slug) : null;
    if (!old) throw new NotFoundError('The provider', PROVIDER_ID);
    if (viewer.role !== 'OPERATOR' && viewer.accountId !== slug) {
      throw new ForbiddenError('This is another provider.', 'OPERATOR', PROVIDER_ID);
    }
    if (old.status === status) return false;
    const next = { slug, status, version: old.version + 1 };
    await writeProviderStatus(work.tx, slug, next);
    const { accountId } = viewer;
    await appendAudit(work.tx, { accountId, action: 'setProviderStatus', subject: slug, reason });
    work.emit(providerStatusChanged(next, old.status, reason), await databaseNow(work.tx));
    return true;
  });
}
