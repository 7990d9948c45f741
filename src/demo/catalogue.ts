import type { Region } from '../domain/catalog.ts';
import type { ProviderDraft } from '../market/ingest-draft.ts';

/**
 * An invented market: the models are real, their prices plausible, providers and their data centres
 * made up. It has no chance in it, so that every fresh database has the same units with the same ids.
 */
export const DEMO_REGIONS: readonly Region[] = [
  { code: 'us-east-1', name: 'US East (Virginia)', country: 'US' },
  { code: 'us-west-2', name: 'US West (Oregon)', country: 'US' },
  { code: 'ca-central-1', name: 'Canada (Montreal)', country: 'CA' },
  { code: 'eu-west-1', name: 'Europe (Dublin)', country: 'IE' },
  { code: 'eu-central-1', name: 'Europe (Frankfurt)', country: 'DE' },
  { code: 'eu-north-1', name: 'Europe (Stockholm)', country: 'SE' },
  { code: 'ap-south-1', name: 'Asia Pacific (Mumbai)', country: 'IN' },
  { code: 'ap-southeast-1', name: 'Asia Pacific (Singapore)', country: 'SG' },
  { code: 'ap-northeast-1', name: 'Asia Pacific (Tokyo)', country: 'JP' },
  { code: 'sa-east-1', name: 'South America (São Paulo)', country: 'BR' },
];

/** Whose units `dev` tokens of role PROVIDER may change. */
export const DEMO_PROVIDER = 'aurora-compute';

export const DEMO_PROVIDERS: readonly ProviderDraft[] = [
  { slug: DEMO_PROVIDER, name: 'Aurora Compute', trustTier: 'DATACENTER', reliability: 0.9995 },
  { slug: 'basalt-cloud', name: 'Basalt Cloud', trustTier: 'DATACENTER', reliability: 0.9991 },
  { slug: 'cedar-grid', name: 'Cedar Grid', trustTier: 'VERIFIED', reliability: 0.9962 },
  { slug: 'driftline', name: 'Driftline', trustTier: 'VERIFIED', reliability: 0.9948 },
  { slug: 'ember-forge', name: 'Ember Forge', trustTier: 'DATACENTER', reliability: 0.9987 },
  { slug: 'fjord-systems', name: 'Fjord Systems', trustTier: 'DATACENTER', reliability: 0.9993 },
  { slug: 'granite-metal', name: 'Granite Metal', trustTier: 'VERIFIED', reliability: 0.9971 },
  { slug: 'harbour-ai', name: 'Harbour AI', trustTier: 'VERIFIED', reliability: 0.9955 },
  { slug: 'ion-lattice', name: 'Ion Lattice', trustTier: 'DATACENTER', reliability: 0.9989 },
  { slug: 'juniper-labs', name: 'Juniper Labs', trustTier: 'VERIFIED', reliability: 0.9938 },
  { slug: 'kestrel-garage', name: 'Kestrel Garage', trustTier: 'COMMUNITY', reliability: 0.9712 },
  { slug: 'lantern-rigs', name: 'Lantern Rigs', trustTier: 'COMMUNITY', reliability: 0.9654 },
];

export const MICROS_PER_CENT = 10_000n;

/** One model in the demo: what a GPU-hour costs in cents and which sizes of machines there are. */
export interface DemoListing {
  readonly model: string;
  readonly cents: number;
  readonly gpuCounts: readonly number[];
  /** In how many regions it is offered, counted from `firstRegion` on. */
  readonly regions: number;
  readonly firstRegion: number;
  readonly unitsPerRegion: number;
}

function listing(
  [model, cents]: readonly [string, number],
  gpuCounts: readonly number[],
  [firstRegion, regions, unitsPerRegion]: readonly [number, number, number],
): DemoListing {
  return { model, cents, gpuCounts, firstRegion, regions, unitsPerRegion };
}

/** Price and sizes of each model, then first region, number of regions and units in each. */
export const DEMO_LISTINGS: readonly DemoListing[] = [
  listing(['h100-sxm', 269], [8, 8, 4, 1, 2], [0, 8, 6]),
  listing(['h100-pcie', 219], [1, 2, 4], [0, 5, 5]),
  listing(['h200', 339], [8, 8, 1], [0, 6, 5]),
  listing(['b200', 549], [8], [0, 4, 4]),
  listing(['gh200', 229], [1], [1, 3, 4]),
  listing(['a100-sxm-80gb', 149], [8, 4, 1], [0, 8, 6]),
  listing(['a100-pcie-40gb', 109], [1, 2], [2, 4, 4]),
  listing(['l40s', 99], [1, 2, 4, 8], [0, 7, 6]),
  listing(['l4', 49], [1], [3, 5, 5]),
  listing(['a10', 59], [1, 2], [0, 5, 5]),
  listing(['t4', 29], [1, 4], [4, 5, 4]),
  listing(['rtx-4090', 44], [1, 2, 4], [0, 7, 6]),
  listing(['rtx-5090', 66], [1, 2], [0, 5, 6]),
  listing(['rtx-a6000', 52], [1, 4], [2, 4, 4]),
  listing(['rtx-6000-ada', 78], [1, 4], [4, 4, 4]),
  listing(['mi300x', 199], [8, 1], [0, 5, 5]),
];
