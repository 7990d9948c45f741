import { ForbiddenError } from '../../domain/errors.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { LockedUnit } from '../locked-unit.ts';
import type { Work } from '../unit-of-work.ts';

/**
 * Locks a unit for its provider or an operator.
 * @throws ForbiddenError for somebody else's unit: units are public, so hiding it would help nobody.
 */
export async function lockOwnUnit(work: Work, viewer: Viewer, gpuId: string): Promise<LockedUnit> {
  const locked = await LockedUnit.lock(work, gpuId);
  if (viewer.role === 'OPERATOR' || locked.unit.provider === viewer.accountId) return locked;
  throw new ForbiddenError('This GPU belongs to another provider.', 'OPERATOR', ['input', 'gpuId']);
}
