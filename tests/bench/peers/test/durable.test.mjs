// BullMQ on Redis: what the script says of it is what the devices did, also when it is broken in the middle.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { endAllProcesses } from '../../../browser/support/processes.mjs';
import { Fleet, startBroker } from './rig.mjs';

const devices = 200;
const script = 'durable/bullmq.mjs';
let broker;

before(async () => (broker = await startBroker()));
after(endAllProcesses);

const fleet = (prefix) => Fleet.start(broker, devices, prefix, '--delay', '50..400');
const mostTries = 3;

// What is a matter of luck on a slow machine: one of some runs shows it. `hold` checks what each has to keep to.
async function oneShows(run, shows, hold) {
    const results = [];
    while (results.length < mostTries && !results.some(shows)) {
        results.push(await run());
        hold(results.at(-1));
    }
    assert.ok(results.some(shows), JSON.stringify(results));
}

describe('BullMQ', { concurrency: 3 }, () => {
    for (const fsync of ['always', 'everysec']) {
        test(`appendfsync ${fsync}: all devices execute it once and are counted`, async () => {
            const result = await (await fleet(`${fsync}-`)).command(script, 3, '--appendfsync', fsync, '--window', '50');
            assert.equal(result.name, `BullMQ, appendfsync ${fsync}`);
            const { operations, acked, lost, repeated, window, executed } = result;
            assert.deepEqual({ operations, acked, lost, repeated, window, executed },
                { operations: devices, acked: devices, lost: 0, repeated: 0, window: 50, executed: devices });
        });
    }

    test('a worker that is killed leaves nothing undone, and does twice what was under way', async () => {
        const killed = await fleet('worker-');
        const run = () => killed.command(script, 3, '--kill', 'worker', '--lock', '1', '--window', '50');
        await oneShows(run, ({ repeated }) => repeated > 0, (result) => {
            assert.deepEqual([result.lost, result.not_reported], [0, 0]);
            assert.equal(result.acked + result.reported_failed_but_done, devices);
            assert.ok(result.executed >= devices + result.repeated, JSON.stringify(result));
        });
    });

    test('with an id for each job, the devices that remember ids do nothing twice', async () => {
        const result = await (await fleet('id-')).command(script, 3, '--kill', 'worker', '--lock', '1', '--window', '50',
            '--operation-id', 'job');
        assert.deepEqual([result.lost, result.repeated, result.executed], [0, 0, devices]);
        assert.ok(result.stalled > 0, JSON.stringify(result));
    });

    test('Redis that is killed comes back with what it wrote', async () => {
        const result = await (await fleet('redis-')).command(script, 3, '--kill', 'redis', '--lock', '1', '--window', '50',
            '--appendfsync', 'everysec');
        assert.deepEqual([result.lost, result.not_reported, result.reported_done_but_not], [0, 0, 0]);
        assert.ok(result.executed >= devices, JSON.stringify(result));
    });

    test('a loss of power takes what was not synced', async () => {
        const dark = await fleet('power-');
        const run = () => dark.command(script, 3, '--kill', 'power', '--lock', '1', '--window', '50',
            '--appendfsync', 'everysec');
        // More than the jobs that were under way: also such as had been completed, or added.
        const shows = (result) => result.repeated + result.not_reported > result.stalled;
        await oneShows(run, shows, (result) => assert.equal(result.reported_done_but_not, 0));
    });
});
