export const HEALTH_STATUSES = ['OK', 'DEGRADED', 'CRITICAL'] as const;
export type HealthStatus = (typeof HEALTH_STATUSES)[number];

/** One judged reading. `value` is null where nothing can be measured: that alone is no fault. */
export interface HealthCheck {
  readonly name: string;
  readonly status: HealthStatus;
  readonly value: number | null;
  /** Beyond this it is DEGRADED; null for a check that is either right or wrong. */
  readonly warning: number | null;
  readonly critical: number | null;
  readonly message: string | null;
}

export interface NodeHealth {
  /** The worst of its checks. */
  readonly status: HealthStatus;
  readonly redisConnected: boolean;
  readonly pubsubActive: boolean;
  readonly eventQueueSize: number;
  /** Null before the first event. */
  readonly lastEventAgeMs: number | null;
  readonly checks: readonly HealthCheck[];
}

/** What a node measured of itself, by doing and not by asking what it was told to do. */
export interface HealthReadings {
  /** Null on a single node. */
  readonly redis: {
    /** It has just answered. */
    readonly answers: boolean;
    /** Share of its memory limit; null without a limit or an answer. */
    readonly memoryPercent: number | null;
    readonly failuresPerMinute: number;
  } | null;
  /** Events are heard: the subscription stands and the last catch-up is young enough. */
  readonly hearsEvents: boolean;
  /** Events of this node's changes that it has not heard back. */
  readonly eventQueueSize: number;
  readonly lastEventAgeMs: number | null;
  /** 99th percentile of the last minute; null without events. */
  readonly eventLatencyMs: number | null;
  /** L1 hits of the last minute; null with too few look-ups to judge. */
  readonly hitPercent: number | null;
  /** How long the oldest committed event waits to be published; null when the database did not say. */
  readonly outboxAgeMs: number | null;
}

interface Limits {
  readonly warning: number;
  readonly critical: number;
}

/** The alert thresholds of the seed document. */
export const HEALTH_LIMITS = {
  cache_hit_percent: { warning: 70, critical: 50 },
  event_queue_size: { warning: 1000, critical: 5000 },
  event_latency_ms: { warning: 500, critical: 2000 },
  redis_memory_percent: { warning: 80, critical: 95 },
  connection_failures_per_minute: { warning: 5, critical: 20 },
  /** Ours: L2 is not trusted beyond the first, and other nodes are blind to it long before the second. */
  outbox_age_ms: { warning: 3000, critical: 30_000 },
} as const satisfies Record<string, Limits>;

/** Judges what a node measured. */
export function judgeHealth(readings: HealthReadings): NodeHealth {
  const { redis, hearsEvents, eventQueueSize, lastEventAgeMs } = readings;
  const checks = [
    ...(redis ? [rightOrWrong('redis_connected', redis.answers, 'Redis does not answer.')] : []),
    rightOrWrong('pubsub_active', hearsEvents, 'Events may be missed: memory is not trusted.'),
    falling('cache_hit_percent', readings.hitPercent),
    rising('event_queue_size', eventQueueSize),
    rising('event_latency_ms', readings.eventLatencyMs),
    rising('outbox_age_ms', readings.outboxAgeMs),
    ...(redis ? [rising('redis_memory_percent', redis.memoryPercent)] : []),
    ...(redis ? [rising('connection_failures_per_minute', redis.failuresPerMinute)] : []),
  ];
  return {
    status: worst(checks),
    redisConnected: redis?.answers ?? false,
    pubsubActive: hearsEvents,
    eventQueueSize,
    lastEventAgeMs,
    checks,
  };
}

/** What is known of a node that has not been heard of for `silentMs`: nothing good. */
export function silentHealth(last: NodeHealth, silentMs: number, limits: Limits): NodeHealth {
  const heartbeat = above('heartbeat_age_ms', silentMs, limits);
  if (heartbeat.status === 'OK') return last;
  const checks = [...last.checks, heartbeat];
  const known = { ...last, checks, status: worst(checks) };
  const dead = heartbeat.status === 'CRITICAL';
  return dead ? { ...known, redisConnected: false, pubsubActive: false } : known;
}

function rightOrWrong(name: string, right: boolean, message: string): HealthCheck {
  const unmeasured = { value: null, warning: null, critical: null };
  return {
    name,
    status: right ? 'OK' : 'CRITICAL',
    ...unmeasured,
    message: right ? null : message,
  };
}

function rising(name: keyof typeof HEALTH_LIMITS, value: number | null): HealthCheck {
  return above(name, value, HEALTH_LIMITS[name]);
}

function above(name: string, value: number | null, limits: Limits): HealthCheck {
  return judged(name, value, limits, 'above', (limit) => value !== null && value > limit);
}

function falling(name: keyof typeof HEALTH_LIMITS, value: number | null): HealthCheck {
  const limits = HEALTH_LIMITS[name];
  return judged(name, value, limits, 'below', (limit) => value !== null && value < limit);
}

function judged(
  name: string,
  value: number | null,
  { warning, critical }: Limits,
  side: 'above' | 'below',
  isBeyond: (limit: number) => boolean,
): HealthCheck {
  const status = isBeyond(critical) ? 'CRITICAL' : isBeyond(warning) ? 'DEGRADED' : 'OK';
  const limit = status === 'CRITICAL' ? critical : warning;
  const message = status === 'OK' ? null : `${name} is ${side} ${limit}.`;
  return { name, status, value, warning, critical, message };
}

function worst(checks: readonly HealthCheck[]): HealthStatus {
  const ranks = checks.map(({ status }) => HEALTH_STATUSES.indexOf(status));
  return HEALTH_STATUSES[Math.max(0, ...ranks)] ?? 'OK';
}
