import type { Logger, Running } from '../../domain/logger.ts';
import { unitsDue } from '../../store/booking-store.ts';
import type { Db } from '../../store/database.ts';
import { unitsOutOfStep } from '../../store/unit-write-store.ts';
import { bringIntoStep } from '../commands/set-provider-status.ts';
import { LockedUnit } from '../locked-unit.ts';
import type { UnitOfWork } from '../unit-of-work.ts';
import { repeat } from './repeat.ts';
import { withdrawDueAsks } from './withdraw-asks.ts';

const POLL_MS = 400;
const STEP_POLL_MS = 5000;
const BATCH = 200;

interface SchedulerDeps {
  readonly db: Db;
  readonly unitOfWork: UnitOfWork;
  readonly logger: Logger;
}

/**
 * Settles what time alone changes: holds that run out, periods that start and end, asks of units that
 * are taken within the hour. Candidates are read without locks; each unit is settled in a small
 * transaction that takes the usual locks and looks again, so any number of nodes may run this and each
 * boundary is told once.
 */
export async function settleDue(deps: SchedulerDeps): Promise<void> {
  let due: string[];
  let settled: number;
  do {
    due = await unitsDue(deps.db, BATCH);
    settled = 0;
    for (const id of due) {
      if (await settleUnit(deps, id)) settled += 1;
    }
  } while (due.length === BATCH && settled > 0);
  await withdrawDueAsks(deps);
}

/** One unit that cannot be settled now must not keep the others waiting; it stays due. */
async function settleUnit({ unitOfWork, logger }: SchedulerDeps, id: string): Promise<boolean> {
  try {
    await unitOfWork(async (work) => {
      await LockedUnit.lock(work, id);
    });
    return true;
  } catch (error) {
    logger.warn({ err: error, gpu: id }, 'a unit could not be settled and will be tried again');
    return false;
  }
}

/** Units whose provider changed while a node ended half-way through telling them. */
async function repairSteps({ db, unitOfWork }: SchedulerDeps): Promise<void> {
  for (const id of await unitsOutOfStep(db, BATCH)) await bringIntoStep(unitOfWork, id);
}

export function startScheduler(deps: SchedulerDeps): Running {
  const settling = repeat('settle periods', POLL_MS, () => settleDue(deps), deps.logger);
  const repairing = repeat('repair statuses', STEP_POLL_MS, () => repairSteps(deps), deps.logger);
  return {
    async stop() {
      await Promise.all([settling.stop(), repairing.stop()]);
    },
  };
}
