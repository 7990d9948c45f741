import type { HealthCheck } from '../../domain/node-health.ts';
import { builder } from '../builder.ts';
import { requireRole } from '../roles.ts';
import { HealthStatusEnum } from './enums.ts';
import { CacheHealthRef } from './refs.ts';

const HealthCheckRef = builder.objectRef<HealthCheck>('HealthCheck').implement({
  description: 'One judged reading.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What was measured, unit last.' }),
    status: t.expose('status', { type: HealthStatusEnum, description: 'How it is.' }),
    value: t.exposeFloat('value', {
      nullable: true,
      description: 'The reading; null where nothing can be measured now.',
    }),
    warning: t.exposeFloat('warning', {
      nullable: true,
      description: 'Beyond this it is DEGRADED; null for what is either right or wrong.',
    }),
    critical: t.exposeFloat('critical', {
      nullable: true,
      description: 'Beyond this it is CRITICAL.',
    }),
    message: t.exposeString('message', {
      nullable: true,
      description: 'What is wrong; null when nothing is.',
    }),
  }),
});

CacheHealthRef.implement({
  description: "A node's health, measured by doing: Redis is asked, heartbeats must come back.",
  fields: (t) => ({
    status: t.expose('status', { type: HealthStatusEnum, description: 'The worst of its checks.' }),
    redisConnected: t.exposeBoolean('redisConnected', {
      description: 'Redis has just answered; false on a node that needs none.',
    }),
    pubsubActive: t.exposeBoolean('pubsubActive', {
      description: 'Events are heard: heartbeats come back through the subscription.',
    }),
    eventQueueSize: t.exposeInt('eventQueueSize', {
      description: "Events of this node's changes that it has not heard back.",
    }),
    lastEventAgeMs: t.exposeInt('lastEventAgeMs', {
      nullable: true,
      description: 'Since the newest event arrived; null before the first.',
    }),
    checks: t.expose('checks', {
      type: [HealthCheckRef],
      description: 'Everything that was judged.',
    }),
  }),
});

builder.queryField('cacheHealth', (t) =>
  t.field({
    type: CacheHealthRef,
    description: 'Health of the node that answers, measured now.\n\nRequires OPERATOR.',
    resolve: (_root, _args, context) => {
      requireRole(context, 'OPERATOR');
      return context.fleet.health();
    },
  }),
);
