import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SseParser, type ServerEvent } from '../src/live/sse';

const all = (...pieces: string[]): ServerEvent[] => {
  const parser = new SseParser();
  return pieces.flatMap((piece) => parser.push(piece));
};

test('an event has a type, data and an id', () => {
  assert.deepEqual(all('id: 7\nevent: job\ndata: {"job":42}\n\n'), [
    { type: 'job', data: '{"job":42}', id: '7' },
  ]);
});

test('a stream may be cut anywhere', () => {
  const whole = 'id: 7\r\nevent: job\r\ndata: {"job":42}\r\n\r\n: keep-alive\n\ndata: b\n\n';
  const expected = [
    { type: 'job', data: '{"job":42}', id: '7' },
    { type: 'message', data: 'b', id: '7' },
  ];
  for (let cut = 0; cut <= whole.length; cut += 1) {
    assert.deepEqual(all(whole.slice(0, cut), whole.slice(cut)), expected, `cut at ${cut}`);
  }
  assert.deepEqual(all(...whole), expected);
});

test('comments and unknown fields are nothing, and no data is no event', () => {
  assert.deepEqual(all(': keep-alive\n\nretry: 10\n\nevent: job\n\n'), []);
});

test('lines of data join; the type is not carried over', () => {
  assert.deepEqual(all('event: a\ndata: 1\ndata: 2\n\ndata:3\n\n'), [
    { type: 'a', data: '1\n2', id: '' },
    { type: 'message', data: '3', id: '' },
  ]);
});

test('an event without end is refused, not collected', () => {
  const parser = new SseParser();
  assert.throws(() => {
    for (let i = 0; i < 100; i += 1) parser.push('x'.repeat(100_000));
  });
});
