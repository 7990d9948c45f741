import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MEMORY_RULES } from './memory-rules.ts';
import { NODE_RULES } from './node-rules.ts';
import { REDIS_RULES } from './redis-rules.ts';

const ROOT = join(import.meta.dirname, '../../..');

describe('the list of rules that can be switched off', () => {
  it.each([...MEMORY_RULES, ...NODE_RULES, ...REDIS_RULES])(
    'knows where it is written that $rule',
    ({ file, from, to }) => {
      const source = readFileSync(join(ROOT, file), 'utf8');
      expect(source.split(from)).toHaveLength(2);
      expect(to).not.toBe(from);
    },
  );
});
