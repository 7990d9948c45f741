import { expect, test } from 'vitest';
import { createLogger } from '../../../src/server/logger.ts';

test.each(['err', 'error'])('an error logged as %s keeps its text and no command', (name) => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ production: true, nodeId: 'node-1', destination });
  const command = { name: 'auth', args: ['edgebook', 'hunter2'] };
  const error = Object.assign(new Error('WRONGPASS'), { command });
  logger.warn({ [name]: error }, 'failed');
  expect(JSON.parse(lines.join(''))).toMatchObject({ [name]: { message: 'WRONGPASS' } });
  expect(lines.join('')).not.toContain('hunter2');
});
