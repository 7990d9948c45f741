import { EventEmitter, setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fastify } from 'fastify';
import { buildSchema, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { PubSub } from 'graphql-subscriptions';
import { useServer } from 'graphql-ws/use/ws';
import { createPubSub, createYoga } from 'graphql-yoga';
import { mercurius, type MercuriusContext } from 'mercurius';
import { WebSocketServer } from 'ws';
import { PATH } from './doors.ts';
import { nextData } from './payload.ts';
import { listen, type Arm } from './raw-arms.ts';

/** The servers that one gets out of the box, each with the publish-subscribe that its manual shows. */

const SCHEMA_FILE = new URL('../../schema/schema.graphql', import.meta.url);
const TOPIC = 'availability';

/** Our schema with one subscription; its data has nothing to resolve. */
function schemaWith<C>(subscribe: GraphQLFieldResolver<unknown, C>): GraphQLSchema {
  const schema = buildSchema(readFileSync(SCHEMA_FILE, 'utf8'));
  const field = schema.getSubscriptionType()?.getFields()['availabilityChanged'];
  if (!field) throw new Error('the schema has no `availabilityChanged`');
  field.subscribe = subscribe as GraphQLFieldResolver<unknown, unknown>;
  return schema;
}

export async function startGraphqlWs(): Promise<Arm> {
  const eventEmitter = new EventEmitter().setMaxListeners(0);
  const pubSub = new PubSub({ eventEmitter });
  const schema = schemaWith(() => pubSub.asyncIterableIterator(TOPIC));
  const http = createServer();
  useServer({ schema }, new WebSocketServer({ server: http, path: PATH }));
  return {
    port: await listen(http),
    publish: (stamp) => pubSub.publish(TOPIC, nextData(stamp)),
  };
}

export async function startYogaSse(): Promise<Arm> {
  const eventTarget = new EventTarget();
  setMaxListeners(0, eventTarget);
  const pubSub = createPubSub<{ [TOPIC]: [ReturnType<typeof nextData>] }>({ eventTarget });
  const schema = schemaWith(() => pubSub.subscribe(TOPIC));
  const yoga = createYoga({ schema, graphqlEndpoint: PATH, logging: false });
  return {
    port: await listen(createServer((request, response) => void yoga(request, response))),
    publish: (stamp) => pubSub.publish(TOPIC, nextData(stamp)),
  };
}

export async function startMercurius(): Promise<Arm> {
  const app = fastify();
  const schema = schemaWith<MercuriusContext>((_root, _args, { pubsub }) =>
    pubsub.subscribe(TOPIC),
  );
  await app.register(mercurius, { schema, subscription: true, path: PATH });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    port: Number(new URL(url).port),
    publish: (stamp) => app.graphql.pubsub.publish({ topic: TOPIC, payload: nextData(stamp) }),
  };
}
