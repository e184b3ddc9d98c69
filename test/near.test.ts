/** The place a client is at, as devices write it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterParameters } from '../src/http/contract/parameters.ts';
import { apiDocument } from './support/openapi.ts';
import { fc } from './support/properties.ts';

/** Adding 0 makes -0 to 0: written down, they are the same. */
const degrees = (max: number) => fc.double({ min: -max, max, noNaN: true }).map((value) => value + 0);

test('near takes any coordinate as JavaScript writes it, and as the document describes it', async () => {
  const document = await apiDocument();
  const list = document.paths['/restaurants']?.['get'];
  const pattern = list?.parameters?.find(({ name }) => name === 'near')?.schema.pattern ?? assert.fail();
  fc.assert(
    fc.property(degrees(90), degrees(180), (latitude, longitude) => {
      const written = `${latitude},${longitude}`;
      assert.deepEqual(filterParameters.near.parse(written), { latitude, longitude });
      assert.match(written, new RegExp(pattern));
    }),
    {
      examples: [
        [90, 180],
        [-90, -180],
        [52.52000659999999, 13.404953999999975],
        [1e-7, -5e-324],
      ],
    },
  );
});
