// What the scripts without a store count is what the devices did.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { endAllProcesses } from '../../../browser/support/processes.mjs';
import { Fleet, startBroker } from './rig.mjs';

const devices = 200;
const scripts = ['bare_loop.mjs', 'mqttjs_script.mjs', 'paho_script.py'];
const retrying = ['mqttjs_script.mjs', 'paho_script.py'];
let fleet;
let faulty; // some refuse, some are never there

before(async () => {
    fleet = await Fleet.start(await startBroker(), devices, 'fridge-');
    faulty = await Fleet.start(await startBroker(), devices, 'freezer-', '--reject', '10', '--offline', '5');
});
after(endAllProcesses);

for (const [index, script] of scripts.entries()) {
    for (const qos of ['0', '1']) {
        test(`${script} at QoS ${qos}: all devices execute it once and are counted`, async () => {
            const result = await fleet.command(script, 2 * index + Number(qos), '--qos', qos, '--window', '20');
            assert.equal(typeof result.name, 'string');
            assert.ok(result.seconds > 0);
            const { operations, acked, lost, repeated, window, executed } = result;
            assert.deepEqual({ operations, acked, lost, repeated, window, executed },
                { operations: devices, acked: devices, lost: 0, repeated: 0, window: 20, executed: devices });
        });
    }
}

test('bare_loop.mjs: what is not answered is lost, and it ends', async () => {
    const { acked, lost, repeated } = await faulty.command('bare_loop.mjs', 3, '--timeout', '1');
    assert.deepEqual({ acked, lost, repeated }, { acked: 190, lost: 10, repeated: 0 });
});

for (const script of retrying) {
    test(`${script}: who is silent is asked once more, who refuses has answered`, async () => {
        const { acked, lost, repeated, executed } = await faulty.command(script, 4, '--timeout', '1', '--window', '200');
        assert.deepEqual({ acked, lost, repeated, executed }, { acked: 190, lost: 10, repeated: 10, executed: 170 });
    });
}
