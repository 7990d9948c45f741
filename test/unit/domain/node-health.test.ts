import { describe, expect, test } from 'vitest';
import {
  HEALTH_LIMITS,
  judgeHealth,
  silentHealth,
  type HealthReadings,
} from '../../../src/domain/node-health.ts';

const WELL: HealthReadings = {
  redis: { answers: true, memoryPercent: 10, failuresPerMinute: 0 },
  hearsEvents: true,
  eventQueueSize: 0,
  lastEventAgeMs: 20,
  eventLatencyMs: 3,
  hitPercent: 99,
  outboxAgeMs: 0,
};

/** How one check comes out with these readings, and the node with it. */
function judged(name: string, readings: Partial<HealthReadings>) {
  const health = judgeHealth({ ...WELL, ...readings });
  return [health.checks.find((check) => check.name === name)?.status, health.status];
}

const redis = (change: Partial<NonNullable<HealthReadings['redis']>>): Partial<HealthReadings> => ({
  redis: { answers: true, memoryPercent: 10, failuresPerMinute: 0, ...change },
});

describe('the health of a node', () => {
  test('is OK when everything is', () => {
    const { status, checks } = judgeHealth(WELL);
    expect(status).toBe('OK');
    expect(checks.every((check) => check.status === 'OK' && check.message === null)).toBe(true);
  });

  test.each<[keyof typeof HEALTH_LIMITS, (value: number) => Partial<HealthReadings>]>([
    ['event_queue_size', (eventQueueSize) => ({ eventQueueSize })],
    ['event_latency_ms', (eventLatencyMs) => ({ eventLatencyMs })],
    ['outbox_age_ms', (outboxAgeMs) => ({ outboxAgeMs })],
    ['redis_memory_percent', (memoryPercent) => redis({ memoryPercent })],
    ['connection_failures_per_minute', (failuresPerMinute) => redis({ failuresPerMinute })],
  ])('judges %s by what is above its thresholds', (name, reading) => {
    const { warning, critical } = HEALTH_LIMITS[name];
    expect(judged(name, reading(warning))).toEqual(['OK', 'OK']);
    expect(judged(name, reading(warning + 1))).toEqual(['DEGRADED', 'DEGRADED']);
    expect(judged(name, reading(critical))).toEqual(['DEGRADED', 'DEGRADED']);
    expect(judged(name, reading(critical + 1))).toEqual(['CRITICAL', 'CRITICAL']);
  });

  test('judges the hit ratio by what is below its thresholds', () => {
    const levels = [70, 69.9, 50, 49.9].map(
      (hitPercent) => judged('cache_hit_percent', { hitPercent })[0],
    );
    expect(levels).toEqual(['OK', 'DEGRADED', 'DEGRADED', 'CRITICAL']);
  });

  test('calls nothing ill that cannot be measured', () => {
    const unmeasured = { eventLatencyMs: null, hitPercent: null, outboxAgeMs: null };
    const { status } = judgeHealth({ ...WELL, ...unmeasured, ...redis({ memoryPercent: null }) });
    expect(status).toBe('OK');
  });

  test('is CRITICAL when Redis does not answer, or events are not heard', () => {
    expect(judgeHealth({ ...WELL, ...redis({ answers: false }) })).toMatchObject({
      status: 'CRITICAL',
      redisConnected: false,
      pubsubActive: true,
    });
    expect(judgeHealth({ ...WELL, hearsEvents: false })).toMatchObject({
      status: 'CRITICAL',
      redisConnected: true,
      pubsubActive: false,
    });
  });

  test('misses no Redis on a single node', () => {
    const alone = judgeHealth({ ...WELL, redis: null });
    expect(alone).toMatchObject({ status: 'OK', redisConnected: false });
    expect(alone.checks.some(({ name }) => name.startsWith('redis'))).toBe(false);
  });
});

describe('a node that is silent', () => {
  const limits = { warning: 15_000, critical: 30_000 };
  const last = judgeHealth(WELL);

  test('is what it last said for a while', () => {
    expect(silentHealth(last, 15_000, limits)).toBe(last);
  });

  test('is DEGRADED, then dead: nothing that it said counts any more', () => {
    expect(silentHealth(last, 15_001, limits)).toMatchObject({
      status: 'DEGRADED',
      pubsubActive: true,
    });
    expect(silentHealth(last, 30_001, limits)).toMatchObject({
      status: 'CRITICAL',
      pubsubActive: false,
      redisConnected: false,
    });
  });
});
