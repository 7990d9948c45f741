import { posix } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { CONFIG_VARIABLES } from '../../src/config-variables.ts';
import { CACHE_EVENT_TYPES } from '../../src/domain/cache-event.ts';
import { ERROR_CODES } from '../../src/domain/errors.ts';
import { encodeEnvelope } from '../../src/events/envelope.ts';
import { API_ERRORS } from '../../src/graphql/errors.ts';
import { createCacheMetrics } from '../../src/server/cache-metrics.ts';
import { gaugeLive } from '../../src/server/live-groups/live-gauges.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { gaugeNode } from '../../src/server/node-gauges.ts';
import {
  projectFileExists,
  readMarkdownFiles,
  readProjectFile,
  readSourceFiles,
} from '../support/source-files.ts';

/** The first cells of a page's tables, or of one section's, that hold nothing but a name in code. */
function documentedNames(page: string, section?: string): string[] {
  const text = readProjectFile(page);
  const sections = text.split(/^## /m).filter((part) => !section || part.startsWith(section));
  return [...sections.join('').matchAll(/^\| `([\w.]+)` +\|/gm)].map(([, name]) => name ?? '');
}

function sorted(names: Iterable<string>): string[] {
  return [...new Set(names)].toSorted();
}

/** The codes that the doors refuse with, where they are written. */
function doorCodes(): string[] {
  const refusal = /new RefusedRequest\(\s*\d+,\s*'(\w+)'/g;
  return readSourceFiles('src/server').flatMap(({ text }) =>
    [...text.matchAll(refusal)].map(([, code]) => code ?? ''),
  );
}

/** The operations that a reader copies: arguments of curl, or strings in a JSON body. */
function readmeDocuments(): string[] {
  const text = readProjectFile('README.md');
  const inArguments = [...text.matchAll(/'query=([^']+)'/g)];
  const inBodies = [...text.matchAll(/"query": "([^"]+)"/g)];
  return [...inArguments, ...inBodies].map(([, document = '']) => document.replaceAll('\\$', '$'));
}

function metricNames(): string[] {
  const metrics = createMetrics();
  createCacheMetrics(metrics);
  gaugeNode(metrics, {
    outboxPending: () => Promise.resolve(0),
    eventQueueSize: () => 0,
    busUp: () => true,
    redisUp: () => true,
    l1: () => [],
  });
  gaugeLive(metrics, { groups: () => 0, waitingResults: () => 0, waitingBytes: () => 0 });
  return metrics.registry.getMetricsAsArray().map(({ name }) => name);
}

describe('the documentation', () => {
  test('explains every refusal, and no other', () => {
    expect(sorted(documentedNames('docs/errors.md', 'Refusals'))).toEqual(sorted(ERROR_CODES));
  });

  test('explains every top-level error, and no other', () => {
    const documented = documentedNames('docs/errors.md', 'Top-level errors');
    expect(sorted(documented)).toEqual(sorted(Object.keys(API_ERRORS)));
  });

  test('explains every refusal at the door, and no other', () => {
    expect(doorCodes()).not.toEqual([]);
    expect(sorted(documentedNames('docs/errors.md', 'At the door'))).toEqual(sorted(doorCodes()));
  });

  test('gives each top-level error the status and the retryability that it has', () => {
    const page = readProjectFile('docs/errors.md');
    for (const [code, { status, retryable }] of Object.entries(API_ERRORS)) {
      const row = new RegExp(
        `^\\| \`${code}\` +\\| ${status} +\\| ${retryable ? 'yes' : 'no'} +\\|`,
        'm',
      );
      expect(page).toMatch(row);
    }
  });

  test('explains every variable of the configuration, and no other', () => {
    expect(sorted(documentedNames('docs/configuration.md'))).toEqual(sorted(CONFIG_VARIABLES));
  });

  test('explains every event type', () => {
    const names = CACHE_EVENT_TYPES.map((type) => type.toLowerCase());
    expect(documentedNames('docs/events.md')).toEqual(expect.arrayContaining(names));
  });

  test('explains every field of an event on the wire', () => {
    const event = encodeEnvelope({
      eventId: '8e2f7f0c-3c43-4a53-9a0c-6f3d6f1f3f10',
      type: 'PRICING_UPDATED',
      resourceId: 'h100-sxm@us-east-1',
      data: {},
      timestamp: 0,
      sourceNode: 'node',
      affectedNamespaces: ['GPU_PRICING'],
      keys: [],
      region: 'us-east-1',
      version: null,
    });
    const fields = Object.keys(JSON.parse(event));
    expect(documentedNames('docs/events.md')).toEqual(expect.arrayContaining(fields));
  });

  test('explains every metric, and no other', () => {
    const page = readProjectFile('docs/operations.md');
    const documented = [...page.matchAll(/`(edgebook_\w+)`/g)].map(([, name]) => name ?? '');
    expect(sorted(documented)).toEqual(sorted(metricNames()));
  });

  test('shows operations in the README that fit the schema', () => {
    const schema = buildSchema(readProjectFile('schema/schema.graphql'));
    const documents = readmeDocuments();
    expect(documents).toHaveLength(3);
    expect(documents.flatMap((document) => validate(schema, parse(document)))).toEqual([]);
  });

  test('links to nothing that is not there', () => {
    const missing = readMarkdownFiles().flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map(([, link]) => posix.join(posix.dirname(path), link ?? ''))
        .filter((target) => !projectFileExists(target))
        .map((target) => `${path} links to ${target}`),
    );
    expect(missing).toEqual([]);
  });
});
