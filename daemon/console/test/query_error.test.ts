import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexOfByte, markedLine, queryMistakes } from '../src/logic/query_error';

test('bytes from 1 become places in the text', () => {
  assert.equal(indexOfByte('abc', 1), 0);
  assert.equal(indexOfByte('abc', 3), 2);
  assert.equal(indexOfByte('"ø" == x', 9), 7);
  assert.equal(indexOfByte('"😀" x', 8), 5);
});

test('the place is in the field or in the message', () => {
  const query = 'tags.site = "oslo"';
  assert.deepEqual(
    queryMistakes([{ field: 'query', message: 'found = at position 11; expected ==' }], query),
    [{ message: 'found = at position 11; expected ==', at: 10 }],
  );
  assert.equal(queryMistakes([{ field: 'query:11', message: 'found =' }], query)[0]?.at, 10);
  assert.equal(queryMistakes([{ field: 'query', message: 'is too long' }], query)[0]?.at, null);
  assert.deepEqual(queryMistakes([{ field: 'template', message: 'is missing' }], query), []);
});

test('the line is marked at the word', () => {
  assert.deepEqual(markedLine('online &&\nreported.firmvare < 2', 10), {
    before: '',
    wrong: 'reported.firmvare',
    after: ' < 2',
  });
  assert.deepEqual(markedLine('a ==', 4), { before: 'a ==', wrong: '\u00a0', after: '' });
  assert.deepEqual(markedLine('', 0), { before: '', wrong: '\u00a0', after: '' });
});
