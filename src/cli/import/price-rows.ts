import { readDate, readInteger, readLabel, readPrice, readWord } from '../cells.ts';
import type { Micros } from '../../domain/money.ts';

/** The columns of a price file that the import needs. */
export const PRICE_COLUMNS = [
  'date',
  'provider',
  'gpu_model',
  'gpu_count',
  'region',
  'rental_type',
  'price_min_usd',
  'price_median_usd',
  'price_max_usd',
  'n_offers',
] as const;
export type PriceCells = Readonly<Record<(typeof PRICE_COLUMNS)[number], string>>;

export const RENTAL_TYPES = ['on_demand', 'spot'] as const;
export type RentalType = (typeof RENTAL_TYPES)[number];

/** What one provider asked on one day for one kind of machine. */
export interface PriceRow {
  readonly date: string;
  readonly provider: string;
  readonly model: string;
  readonly gpuCount: number;
  readonly region: string;
  readonly rentalType: RentalType;
  /** Per GPU-hour. */
  readonly medianMicros: Micros;
  readonly offers: number;
}

const MAX_GPUS_PER_UNIT = 1024;
/** Every offer becomes a unit, so a typing error must not make millions. */
const MAX_OFFERS = 1000;

/** Reads one row; throws a `BadCellError` that names the first cell that cannot be used. */
export function readPriceRow(cells: PriceCells): PriceRow {
  readPrice('price_min_usd', cells.price_min_usd);
  readPrice('price_max_usd', cells.price_max_usd);
  return {
    date: readDate('date', cells.date),
    provider: readLabel('provider', cells.provider),
    model: readLabel('gpu_model', cells.gpu_model),
    gpuCount: readInteger('gpu_count', cells.gpu_count, [1, MAX_GPUS_PER_UNIT]),
    region: readLabel('region', cells.region),
    rentalType: readWord('rental_type', cells.rental_type, RENTAL_TYPES),
    medianMicros: readPrice('price_median_usd', cells.price_median_usd),
    offers: readInteger('n_offers', cells.n_offers, [0, MAX_OFFERS]),
  };
}
