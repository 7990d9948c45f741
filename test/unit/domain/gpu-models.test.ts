import { describe, expect, test } from 'vitest';
import { gpuModel, parseInterconnect, parseVendor } from '../../../src/domain/gpu-models.ts';

describe('a GPU model', () => {
  test('is known by its slug, however a source spells the name', () => {
    expect(gpuModel('H100_SXM')).toEqual({
      slug: 'h100-sxm',
      name: 'H100 SXM',
      vendor: 'NVIDIA',
      vramGb: 80,
      interconnect: 'SXM',
      fp16Tflops: 989,
    });
  });

  test("keeps the source's slug and name when a brand stands in front of a known model", () => {
    const model = gpuModel('NVIDIA H100 SXM5');
    expect(model).toMatchObject({ slug: 'nvidia-h100-sxm5', name: 'NVIDIA H100 SXM5', vramGb: 80 });
  });

  test.each([
    ['RTX 4080 (32 GB mod)', 32],
    ['A800 80G', 80],
    ['H900_PCIE_144GB', 144],
    ['Mystery 9000', 0],
  ])('that nobody knows has the VRAM that its name states: %s', (label, vramGb) => {
    expect(gpuModel(label).vramGb).toBe(vramGb);
  });

  test.each([
    ['MI999X', 'AMD'],
    ['GTX 1080', 'NVIDIA'],
    ['Gaudi 9', 'INTEL'],
    ['G2', 'OTHER'],
  ])('that nobody knows has the vendor that its name tells: %s', (label, vendor) => {
    expect(gpuModel(label).vendor).toBe(vendor);
  });

  test('reads vendors and interconnects of columns', () => {
    expect(['nvidia', 'AMD', 'Intel', 'Acme', ''].map(parseVendor)).toEqual([
      'NVIDIA',
      'AMD',
      'INTEL',
      null,
      null,
    ]);
    expect(['PCIe', 'SXM', 'NVLink', 'NVL', 'OAM', ''].map(parseInterconnect)).toEqual([
      'PCIE',
      'SXM',
      'NVLINK',
      'NVLINK',
      'OAM',
      'UNKNOWN',
    ]);
  });
});
