/** How a client gets its stream. */
export type Transport = 'websocket' | 'sse';

/** Who takes part, in the order of the tables. */
export const ARMS = {
  edgebook: { transport: 'websocket', name: 'edgebook WebSocket' },
  rawWebSocket: { transport: 'websocket', name: 'raw `ws` broadcast' },
  graphqlWs: { transport: 'websocket', name: 'graphql-ws' },
  mercurius: { transport: 'websocket', name: 'mercurius' },
  edgebookSse: { transport: 'sse', name: 'edgebook SSE' },
  rawSse: { transport: 'sse', name: 'raw SSE broadcast' },
  yogaSse: { transport: 'sse', name: 'yoga SSE' },
} as const satisfies Readonly<Record<string, { transport: Transport; name: string }>>;

export type ArmName = keyof typeof ARMS;
export const ARM_NAMES = Object.keys(ARMS) as ArmName[];

/** The arm that writes the same bytes by the same transport and does nothing else. */
export function rawOf(arm: ArmName): ArmName {
  return ARMS[arm].transport === 'websocket' ? 'rawWebSocket' : 'rawSse';
}

/** What each arm's server listens on. */
export const PATH = '/graphql';
export const SUBPROTOCOL = 'graphql-transport-ws';
/** Of the one subscription on a socket. */
export const OPERATION_ID = '1';

/** What every client asks of every server that knows GraphQL. */
export const DOCUMENT = `subscription AvailabilityChanged($regions: [String!]) {
  availabilityChanged(regions: $regions) {
    __typename
    ... on StreamStart { resumed sequence cursor at }
    ... on AvailabilityChange {
      gpu { id name status version }
      previousStatus
      status
      reason
      sequence
      cursor
      at
    }
    ... on StreamHeartbeat { sequence at }
  }
}`;

export const REGION = 'bench-1';

/** `payload` of a subscribe message, and the body of a request. */
export const OPERATION = { query: DOCUMENT, variables: { regions: [REGION] } };

/** Before the stamp in a payload; a client looks for nothing else. */
export const STAMP_MARK = '"reason":"';
const ROUND_DIGITS = 6;
const MICROS_DIGITS = 16;
export const STAMP_LENGTH = ROUND_DIGITS + MICROS_DIGITS;

/** Microseconds of the machine's one monotonic clock, which all processes read. */
export function nowMicros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** Which round an event is of and when it was published, in place of the reason for a change. */
export function stampOf(round: number): string {
  return digits(round, ROUND_DIGITS) + digits(nowMicros(), MICROS_DIGITS);
}

/** The stamp that begins at `at`. */
export function readStamp(data: Buffer, at: number): { round: number; sentAtMicros: number } {
  return {
    round: numberAt(data, at, ROUND_DIGITS),
    sentAtMicros: numberAt(data, at + ROUND_DIGITS, MICROS_DIGITS),
  };
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

const ZERO = 48;

function numberAt(data: Buffer, at: number, length: number): number {
  let value = 0;
  for (let index = at; index < at + length; index += 1)
    value = value * 10 + ((data[index] ?? ZERO) - ZERO);
  return value;
}
