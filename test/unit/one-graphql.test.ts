import { GraphQLError } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import { expect, test } from 'vitest';

test('our files and Yoga share one build of graphql, so that our errors are known as such', async () => {
  const yoga = createYoga({
    schema: createSchema({
      typeDefs: 'type Query { refused: Int }',
      resolvers: {
        Query: {
          refused: () => {
            throw new GraphQLError('No.', { extensions: { code: 'FORBIDDEN' } });
          },
        },
      },
    }),
    logging: false,
  });
  const response = await yoga.fetch('http://localhost/graphql?query={refused}');
  const { errors } = (await response.json()) as { errors: unknown[] };
  expect(errors).toMatchObject([{ message: 'No.', extensions: { code: 'FORBIDDEN' } }]);
});
