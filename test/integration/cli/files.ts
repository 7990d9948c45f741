import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A folder for the input files of one test file. */
export interface InputFiles {
  /** Writes rows under a header, compressed when the name ends in `.gz`; gives the path. */
  csv(name: string, header: string, rows: readonly string[]): Promise<string>;
  raw(name: string, content: string | Uint8Array): Promise<string>;
  remove(): Promise<void>;
}

export const PRICE_HEADER =
  'date,provider,gpu_model,gpu_count,region,rental_type,price_min_usd,price_median_usd,price_max_usd,n_offers,source';
export const FLEET_HEADER = 'node_id,gpu_model,gpu_count,cpu_milli,memory_mib';
export const CATALOG_HEADER =
  'id,provider,gpu_model,vendor,vram_gb,interconnect,tier,is_spot,price_usd_hour';
export const JOB_HEADER =
  'booking_id,gpu_count,gpu_milli,gpu_spec,qos,phase,created_s,start_s,end_s';
export const AVAILABILITY_HEADER =
  'kind,cluster,zone,gpu_model,gpus_per_node,at,available_nodes,sample_gap_s';

export async function createInputFiles(): Promise<InputFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'edgebook-cli-'));
  const raw = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  return {
    raw,
    csv: (name, header, rows) => {
      const text = [header, ...rows, ''].join('\n');
      return raw(name, name.endsWith('.gz') ? gzipSync(text) : text);
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
