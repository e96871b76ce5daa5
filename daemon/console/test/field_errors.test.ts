import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detailsInSentence, messagesAt, messagesElsewhere } from '../src/logic/field_errors';

const details = [
  { field: 'operations[0].value', message: 'is 9; at most 5 is allowed' },
  { field: 'operations[0].args.minutes', message: 'is missing' },
  { field: 'operations[1].value.a[2]', message: 'is "x"; must be an integer' },
  { field: 'operations[10].value', message: 'is wrong' },
  { field: 'colour', message: 'is not known here' },
];

test('a message stands at its field, or with its path at the nearest one', () => {
  assert.deepEqual(messagesAt(details, 'operations[0].value'), ['is 9; at most 5 is allowed']);
  assert.deepEqual(messagesAt(details, 'operations[0].args.minutes'), ['is missing']);
  assert.deepEqual(messagesAt(details, 'operations[1].value'), ['a[2] is "x"; must be an integer']);
  assert.deepEqual(messagesAt(details, 'operations[1]'), ['value.a[2] is "x"; must be an integer']);
});

test('what belongs to no field is not lost', () => {
  assert.deepEqual(messagesElsewhere(details, ['operations']), ['colour is not known here']);
});

test('a refused plan names its fields in one sentence', () => {
  assert.deepEqual(
    detailsInSentence(
      'operations[0].value is 9; at most 5 is allowed; operations[1].name is x; the template y has no such setting',
    ),
    [
      { field: 'operations[0].value', message: 'is 9; at most 5 is allowed' },
      { field: 'operations[1].name', message: 'is x; the template y has no such setting' },
    ],
  );
  assert.deepEqual(detailsInSentence('the job selects no devices'), []);
});
