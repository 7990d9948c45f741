import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { partitionKeys } from '../../../src/domain/redis-keys.ts';
import { encodeEnvelope } from '../../../src/events/envelope.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { until } from '../../support/wait.ts';
import { eventOf } from '../../unit/cache/world.ts';
import { PARTITION, startEar, type Ear } from './ear.ts';

const names = partitionKeys(PARTITION);

let server: TestRedis;
let ear: Ear;
/** A node that was given another token, or a stranger who can write to this Redis. */
let stranger: Ear;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

beforeEach(async () => {
  ear = await startEar(server.url, { eventToken: 'the token of this fleet' });
  stranger = await startEar(server.url, { eventToken: 'another' });
  await ear.bus.publish(PARTITION, [eventOf(['known'])]);
  await until(() => ear.heard.length === 1);
});
afterEach(async () => {
  await ear.stop();
  await stranger.stop();
});

async function publishNext(envelope: string): Promise<void> {
  const { base, sequence } = ear.heard[0] ?? { base: 0n, sequence: 0n };
  await stranger.redis.commands.publish(names.channel, `${sequence + 1n}|${base}|${envelope}`);
}

describe('with a token', () => {
  it('a node hears the events of its fleet', async () => {
    const { sequences } = await ear.bus.publish(PARTITION, [eventOf(['a'])]);
    await until(() => ear.heard.length === 2);
    expect(ear.heard[1]?.sequence).toBe(sequences[0]);
    expect(ear.counted).toEqual({ published: 2, applied: 2 });
  });

  it('an unsigned event on the channel changes nothing, and the true one after it is heard', async () => {
    await publishNext(encodeEnvelope(eventOf(['forged'])));
    await ear.bus.publish(PARTITION, [eventOf(['a'])]);
    await until(() => ear.heard.length === 2);
    expect(ear.told).toEqual(['connected', 'known', 'a']);
    expect(ear.counted).toEqual({ published: 2, applied: 2, forged: 1 });
  });

  it('an event in the log that another token signed is not believed, nor what came before it', async () => {
    await stranger.bus.publish(PARTITION, [eventOf(['forged'])]);
    await until(() => ear.told.includes('lost'));
    await ear.bus.publish(PARTITION, [eventOf(['a'])]);
    await until(() => ear.told.at(-1) === 'a');
    expect(ear.told).not.toContain('forged');
  });

  it('a true event put in the place of the next one shows when that one comes', async () => {
    const [entry] = await stranger.redis.commands.xrevrange(names.log, '+', '-', 'COUNT', 1);
    await publishNext(entry?.[1][1] ?? '');
    await until(() => ear.heard.length === 2);
    await ear.bus.publish(PARTITION, [eventOf(['hidden'])]);
    await until(() => ear.told.includes('lost'));
    expect(ear.told).toEqual(['connected', 'known', 'known', 'lost']);
  });
});
