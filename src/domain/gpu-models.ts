import { slugify, type GpuType, type GpuVendor, type Interconnect } from './catalog.ts';

/** What is known of a GPU model from its name alone: a type without a price. */
export type GpuModel = Omit<GpuType, 'referenceMicros'>;

/** Slug, name, VRAM in GB, interconnect, dense FP16 tensor TFLOPS as the vendor rates them. */
type Row = readonly [string, string, number, Interconnect, number | null];

const NVIDIA_DATA_CENTRE: readonly Row[] = [
  ['gb300', 'GB300', 288, 'NVLINK', 2500],
  ['gb200', 'GB200', 186, 'NVLINK', 2500],
  ['b300', 'B300', 288, 'SXM', 2250],
  ['b200', 'B200', 180, 'SXM', 2250],
  ['gh200', 'GH200', 96, 'NVLINK', 989],
  ['h200', 'H200', 141, 'SXM', 989],
  ['h200-nvl', 'H200 NVL', 141, 'NVLINK', 836],
  ['h100-sxm', 'H100 SXM', 80, 'SXM', 989],
  ['h100-nvl', 'H100 NVL', 94, 'NVLINK', 836],
  ['h100-pcie', 'H100 PCIe', 80, 'PCIE', 756],
  ['a100-sxm-80gb', 'A100 SXM 80GB', 80, 'SXM', 312],
  ['a100-sxm-40gb', 'A100 SXM 40GB', 40, 'SXM', 312],
  ['a100-pcie-80gb', 'A100 PCIe 80GB', 80, 'PCIE', 312],
  ['a100-pcie-40gb', 'A100 PCIe 40GB', 40, 'PCIE', 312],
  ['l40s', 'L40S', 48, 'PCIE', 362],
  ['l40', 'L40', 48, 'PCIE', 181],
  ['l4', 'L4', 24, 'PCIE', 121],
  ['a40', 'A40', 48, 'PCIE', 150],
  ['a30', 'A30', 24, 'PCIE', 165],
  ['a16', 'A16', 16, 'PCIE', null],
  ['a10', 'A10', 24, 'PCIE', 125],
  ['a10g', 'A10G', 24, 'PCIE', 70],
  ['a2', 'A2', 16, 'PCIE', 18],
  ['t4', 'T4', 16, 'PCIE', 65],
  ['v100', 'V100', 16, 'SXM', 125],
  ['v100m16', 'V100 16GB', 16, 'SXM', 125],
  ['v100m32', 'V100 32GB', 32, 'SXM', 125],
  ['p100', 'P100', 16, 'PCIE', 19],
  ['p40', 'P40', 24, 'PCIE', null],
  ['p4', 'P4', 8, 'PCIE', null],
  ['k80', 'K80', 12, 'PCIE', null],
];

const NVIDIA_WORKSTATION: readonly Row[] = [
  ['rtx-pro-6000', 'RTX PRO 6000', 96, 'PCIE', 504],
  ['rtx-6000-ada', 'RTX 6000 Ada', 48, 'PCIE', 364],
  ['rtx-5000-ada', 'RTX 5000 Ada', 32, 'PCIE', 261],
  ['rtx-4000-ada', 'RTX 4000 Ada', 20, 'PCIE', 107],
  ['rtx-a6000', 'RTX A6000', 48, 'PCIE', 155],
  ['rtx-a5000', 'RTX A5000', 24, 'PCIE', 111],
  ['rtx-a4000', 'RTX A4000', 16, 'PCIE', 77],
  ['a6000', 'RTX A6000', 48, 'PCIE', 155],
];

const NVIDIA_CONSUMER: readonly Row[] = [
  ['rtx-5090', 'RTX 5090', 32, 'PCIE', 210],
  ['rtx-5080', 'RTX 5080', 16, 'PCIE', 113],
  ['rtx-5070-ti', 'RTX 5070 Ti', 16, 'PCIE', 88],
  ['rtx-5070', 'RTX 5070', 12, 'PCIE', 62],
  ['rtx-4090', 'RTX 4090', 24, 'PCIE', 165],
  ['rtx-4080-super', 'RTX 4080 Super', 16, 'PCIE', 104],
  ['rtx-4080', 'RTX 4080', 16, 'PCIE', 97],
  ['rtx-4070-ti-super', 'RTX 4070 Ti Super', 16, 'PCIE', 88],
  ['rtx-4070-ti', 'RTX 4070 Ti', 12, 'PCIE', 80],
  ['rtx-4070', 'RTX 4070', 12, 'PCIE', 58],
  ['rtx-3090-ti', 'RTX 3090 Ti', 24, 'PCIE', 80],
  ['rtx-3090', 'RTX 3090', 24, 'PCIE', 71],
  ['rtx-3080-ti', 'RTX 3080 Ti', 12, 'PCIE', 68],
  ['rtx-3080', 'RTX 3080', 10, 'PCIE', 60],
  ['rtx-3070', 'RTX 3070', 8, 'PCIE', 41],
  ['rtx-3060', 'RTX 3060', 12, 'PCIE', 26],
  ['rtx-2080-ti', 'RTX 2080 Ti', 11, 'PCIE', 57],
];

const AMD: readonly Row[] = [
  ['mi355x', 'Instinct MI355X', 288, 'OAM', 2516],
  ['mi350x', 'Instinct MI350X', 288, 'OAM', 2307],
  ['mi325x', 'Instinct MI325X', 256, 'OAM', 1307],
  ['mi300x', 'Instinct MI300X', 192, 'OAM', 1307],
  ['mi250x', 'Instinct MI250X', 128, 'OAM', 383],
  ['mi250', 'Instinct MI250', 128, 'OAM', 362],
  ['mi210', 'Instinct MI210', 64, 'PCIE', 181],
];

const INTEL: readonly Row[] = [
  ['gaudi-3', 'Gaudi 3', 128, 'OAM', 1835],
  ['gaudi-2', 'Gaudi 2', 96, 'OAM', 432],
];

function models(vendor: GpuVendor, rows: readonly Row[]): [string, GpuModel][] {
  return rows.map(([slug, name, vramGb, interconnect, fp16Tflops]) => [
    slug,
    { slug, name, vendor, vramGb, interconnect, fp16Tflops },
  ]);
}

const KNOWN = new Map<string, GpuModel>([
  ...models('NVIDIA', NVIDIA_DATA_CENTRE),
  ...models('NVIDIA', NVIDIA_WORKSTATION),
  ...models('NVIDIA', NVIDIA_CONSUMER),
  ...models('AMD', AMD),
  ...models('INTEL', INTEL),
]);

/** Words in front of a model's name that sellers write or leave out. */
const BRAND = /^(?:nvidia|amd|intel|geforce|tesla|instinct|hgx)-/;

function canonicalSlug(slug: string): string {
  let short = slug;
  while (BRAND.test(short)) short = short.replace(BRAND, '');
  return short.replace(/\bsxm\d\b/, 'sxm');
}

const VENDOR_WORDS: readonly (readonly [RegExp, GpuVendor])[] = [
  [/\b(?:nvidia|geforce|tesla|quadro|[rg]tx|[habvlp]\d{2,4})/, 'NVIDIA'],
  [/\b(?:amd|instinct|radeon|mi\d{2,3})/, 'AMD'],
  [/\b(?:intel|gaudi|arc)\b/, 'INTEL'],
];

const INTERCONNECT_WORDS: readonly (readonly [RegExp, Interconnect])[] = [
  [/\bsxm/, 'SXM'],
  [/\bnvl/, 'NVLINK'],
  [/\boam\b/, 'OAM'],
  [/\bpcie\b/, 'PCIE'],
];

function firstMatch<T>(words: readonly (readonly [RegExp, T])[], slug: string, otherwise: T): T {
  return words.find(([pattern]) => pattern.test(slug))?.[1] ?? otherwise;
}

/** `A100_SXM_80GB`, `RTX 4080 (32 GB mod)`: the memory that the name itself states, else 0. */
function vramFromName(slug: string): number {
  return Number(/\b(\d{1,4})-?gb?\b/.exec(slug)?.[1] ?? 0);
}

/** How the vendor of a column or a name is spelled here; null when it is none of ours. */
export function parseVendor(label: string): GpuVendor | null {
  const slug = slugify(label);
  return slug === '' ? null : firstMatch<GpuVendor | null>(VENDOR_WORDS, slug, null);
}

/** SXM, PCIe, NVL… in a column or a name; UNKNOWN when nothing says it. */
export function parseInterconnect(label: string): Interconnect {
  return firstMatch(INTERCONNECT_WORDS, slugify(label), 'UNKNOWN');
}

/**
 * The model that a source calls `label`. Its slug is the label's own ({@link slugify}); what it is made
 * of comes from the table above, else from the name, else it is unknown (VRAM 0, vendor OTHER).
 */
export function gpuModel(label: string): GpuModel {
  const slug = slugify(label);
  const known = KNOWN.get(slug) ?? KNOWN.get(canonicalSlug(slug));
  const name = known?.slug === slug ? known.name : label.trim().replaceAll('_', ' ');
  if (known) return { ...known, slug, name };
  return {
    slug,
    name,
    vendor: parseVendor(label) ?? 'OTHER',
    vramGb: vramFromName(slug),
    interconnect: parseInterconnect(label),
    fp16Tflops: null,
  };
}
