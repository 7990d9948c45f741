import { StateConflictError, VersionConflictError } from '../../domain/errors.ts';
import { DECLARABLE_STATUSES, type DeclaredStatus, type GpuStatus } from '../../domain/gpu.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { appendAudit } from '../../store/audit-store.ts';
import { requireReason } from '../input-rules.ts';
import type { SetGpuStatusCommand } from '../command-types.ts';
import type { UnitOfWork } from '../unit-of-work.ts';
import { lockOwnUnit } from './own-unit.ts';

function isDeclarable(status: GpuStatus): status is DeclaredStatus {
  return (DECLARABLE_STATUSES as readonly GpuStatus[]).includes(status);
}

/** Declares a unit AVAILABLE, OFFLINE or MAINTENANCE; bookings stay. The present status again does nothing. */
export async function setGpuStatus(
  unitOfWork: UnitOfWork,
  viewer: Viewer,
  command: SetGpuStatusCommand,
): Promise<{ gpuId: string }> {
  const { gpuId, status, ifVersion } = command;
  requireReason(command.reason, false);
  return unitOfWork(async (work) => {
    const locked = await lockOwnUnit(work, viewer, gpuId);
    if (!isDeclarable(status)) {
      const message = `${status} follows from bookings; a provider sets ${DECLARABLE_STATUSES.join(', ')}.`;
      throw new StateConflictError(message, locked.unit.status, ['input', 'status']);
    }
    if (ifVersion !== null && ifVersion !== locked.unit.version) {
      throw new VersionConflictError('The GPU', locked.unit.version);
    }
    if (locked.declared === status) return { gpuId };
    const reason = command.reason || (status === 'MAINTENANCE' ? 'MAINTENANCE' : 'PROVIDER');
    await locked.declare(status, reason);
    const { accountId } = viewer;
    await appendAudit(work.tx, {
      accountId,
      action: 'setGpuStatus',
      subject: gpuId,
      reason: command.reason,
    });
    return { gpuId };
  });
}
