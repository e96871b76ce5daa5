import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldOf, initialValue, rangeText } from '../src/logic/schema_field';
import { schemaText } from '../src/logic/schema_text';

test('a bounded number has a slider, an unbounded one has none', () => {
  const fan = fieldOf({ type: 'integer', minimum: 0, maximum: 5 });
  assert.deepEqual(fan, { kind: 'number', integer: true, minimum: 0, maximum: 5, step: 1, slider: true });
  assert.equal(rangeText(fan, 'level'), '0 to 5 level');
  const port = fieldOf({ type: 'integer', minimum: 1 });
  assert.equal(port.kind === 'number' && port.slider, false);
  assert.equal(rangeText(port), 'at least 1');
  const wide = fieldOf({ type: 'integer', minimum: 0, maximum: 1_000_000 });
  assert.equal(wide.kind === 'number' && wide.slider, false);
});

test('exclusive bounds of integers are moved in by one', () => {
  assert.equal(rangeText(fieldOf({ type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10 })), '1 to 9');
});

test('choices, toggles and texts', () => {
  assert.deepEqual(fieldOf({ type: 'string', enum: ['off', 'on'] }), {
    kind: 'choice',
    options: ['off', 'on'],
  });
  assert.deepEqual(fieldOf({ type: 'boolean' }), { kind: 'toggle' });
  assert.deepEqual(fieldOf({ type: 'string', maxLength: 32 }), { kind: 'text', most: 32, long: false });
});

test('arguments are inputs of their own, with what is required', () => {
  const model = fieldOf({
    type: 'object',
    properties: {
      minutes: { title: 'Minutes', type: 'integer', minimum: 1, maximum: 60 },
      quiet: { type: 'boolean' },
    },
    required: ['minutes'],
    additionalProperties: false,
  });
  assert.equal(model.kind, 'members');
  const members = model.kind === 'members' ? model.members : [];
  assert.deepEqual(
    members.map(({ name, title, required }) => [name, title, required]),
    [
      ['minutes', 'Minutes', true],
      ['quiet', 'quiet', false],
    ],
  );
});

test('what has no input of its own is JSON', () => {
  assert.equal(fieldOf({ type: 'array' }).kind, 'json');
  assert.equal(fieldOf({}).kind, 'json');
  assert.equal(fieldOf({ type: 'object' }).kind, 'json');
  assert.equal(fieldOf({ type: 'object', properties: {}, additionalProperties: true }).kind, 'json');
  assert.equal(fieldOf({ type: ['string', 'null'] }).kind, 'json');
});

test('nothing is entered in the place of a person, but what the schema says', () => {
  assert.equal(initialValue({ type: 'integer', minimum: 0, maximum: 5 }), undefined);
  assert.equal(initialValue({ type: 'integer', default: 2 }), 2);
  assert.equal(initialValue({ type: 'boolean' }), false);
  assert.deepEqual(
    initialValue({
      type: 'object',
      properties: { a: { type: 'boolean' }, b: { type: 'string' } },
      required: ['a'],
    }),
    { a: false },
  );
});

test('a schema in words', () => {
  assert.equal(schemaText({ type: 'integer', minimum: 0, maximum: 5 }), 'integer, 0 to 5');
  assert.equal(schemaText({ type: 'string', enum: ['off', 'eco'] }), 'one of off, eco');
  assert.equal(schemaText({ type: 'boolean' }), 'true or false');
  assert.equal(schemaText({}), 'any value');
});
