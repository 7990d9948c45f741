import { defaultBounds, offerRate, type Offer } from '../domain/offer.ts';
import type { NewUnitRow, OfferRow, StoredUnit, UnitScalarsRow } from '../store/ingest-store.ts';
import type { UnitDraft } from './ingest-draft.ts';

/** One unit of a source; without a draft its offer is surplus and to be paused. */
export interface IngestItem {
  readonly provider: string;
  readonly sourceKey: string;
  readonly draft: UnitDraft | null;
}

/** The difference between what a source says and what the database has. */
export interface IngestPlan {
  readonly added: readonly UnitDraft[];
  readonly rescaled: readonly UnitScalarsRow[];
  readonly reoffered: readonly { readonly id: string; readonly draft: UnitDraft }[];
  readonly paused: readonly string[];
}

/** `provider` and source key as one text, to find one's partner in a map. */
export function sourceName(source: {
  readonly provider: string;
  readonly sourceKey: string;
}): string {
  return `${source.provider}\n${source.sourceKey}`;
}

function scalars(id: string, draft: UnitDraft): UnitScalarsRow {
  return {
    id,
    gpu_count: draft.gpuCount,
    cpu_cores: draft.cpuCores,
    ram_gb: draft.ramGb,
    disk_gb: draft.diskGb,
    trust_tier: draft.trustTier,
    reliability: draft.reliability,
  };
}

function sameScalars(stored: StoredUnit, wanted: UnitScalarsRow): boolean {
  return (
    stored.gpu_count === wanted.gpu_count &&
    stored.cpu_cores === wanted.cpu_cores &&
    stored.ram_gb === wanted.ram_gb &&
    stored.disk_gb === wanted.disk_gb &&
    stored.trust_tier === wanted.trust_tier &&
    stored.reliability === wanted.reliability
  );
}

function sameOffer(stored: StoredUnit, { offer }: UnitDraft): boolean {
  return (
    stored.offer_status === 'ACTIVE' &&
    stored.mode === offer.mode &&
    stored.base_micros === offer.baseMicros &&
    stored.min_duration_minutes === offer.minDurationMinutes &&
    stored.max_duration_minutes === offer.maxDurationMinutes
  );
}

/** What has to be written so that the database says what the source says; nothing for what it says already. */
export function planIngest(
  items: readonly IngestItem[],
  stored: readonly StoredUnit[],
): IngestPlan {
  const bySource = new Map(
    stored.map((unit) => [
      sourceName({ provider: unit.provider, sourceKey: unit.source_key }),
      unit,
    ]),
  );
  const added: UnitDraft[] = [];
  const rescaled: UnitScalarsRow[] = [];
  const reoffered: { id: string; draft: UnitDraft }[] = [];
  const paused: string[] = [];
  for (const item of items) {
    const unit = bySource.get(sourceName(item));
    if (!unit) {
      if (item.draft) added.push(item.draft);
    } else if (item.draft) {
      const wanted = scalars(unit.id, item.draft);
      if (!sameScalars(unit, wanted)) rescaled.push(wanted);
      if (!sameOffer(unit, item.draft)) reoffered.push({ id: unit.id, draft: item.draft });
    } else if (unit.offer_status === 'ACTIVE') {
      paused.push(unit.id);
    }
  }
  return { added, rescaled, reoffered, paused };
}

/** Whether there is nothing to write. */
export function isSettled(plan: IngestPlan): boolean {
  return changedIds(plan).length === 0 && plan.added.length === 0;
}

/** Ids of the known units that the plan writes, each once. */
export function changedIds(plan: IngestPlan): string[] {
  const ids = [...plan.rescaled, ...plan.reoffered].map((change) => change.id);
  return [...new Set([...ids, ...plan.paused])];
}

/** The row of an ACTIVE offer as the draft has it, priced with the pair's multiplier. */
export function offerRow(
  unitId: string,
  { offer }: UnitDraft,
  multiplierMillionths: bigint,
): OfferRow {
  const bounds = defaultBounds(offer.baseMicros);
  const terms: Pick<Offer, 'mode' | 'baseMicros' | 'floorMicros' | 'capMicros'> = {
    ...offer,
    ...bounds,
  };
  return {
    gpu_id: unitId,
    mode: offer.mode,
    rate_micros: offerRate(terms, multiplierMillionths),
    base_micros: offer.baseMicros,
    floor_micros: bounds.floorMicros,
    cap_micros: bounds.capMicros,
    min_duration_minutes: offer.minDurationMinutes,
    max_duration_minutes: offer.maxDurationMinutes,
    status: 'ACTIVE',
  };
}

/** The row of a unit that is not there yet. */
export function unitRow(
  draft: UnitDraft,
  place: Pick<NewUnitRow, 'id' | 'current_status' | 'created_at'>,
): NewUnitRow {
  return {
    ...scalars(place.id, draft),
    ...place,
    provider: draft.provider,
    source_key: draft.sourceKey,
  };
}
