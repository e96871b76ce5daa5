// A broker with simulated devices, the scripts that are run against them, and the simulator's own account.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startBroker } from '../../../browser/support/broker.mjs';
import { eventually } from '../../../browser/support/eventually.mjs';
import { Process, program, run, temporaryDirectory } from '../../../browser/support/processes.mjs';

const peer = (file) => join(process.env.MUSTER_PEERS, file);

export class Fleet {
    #directory = temporaryDirectory();

    constructor(broker, devices, prefix) {
        Object.assign(this, { broker, devices, prefix });
    }

    static async start(broker, devices, prefix, ...options) {
        const fleet = new Fleet(broker, devices, prefix);
        const ready = join(fleet.#directory, 'ready');
        fleet.statistics = join(fleet.#directory, 'statistics.json');
        fleet.simulator = new Process([program('muster-sim'), '--broker', `mqtt://127.0.0.1:${broker.port}`,
            '--devices', String(devices), '--prefix', prefix, '--template', 'refrigerator', '--connections', '2',
            '--ready-file', ready, '--stats-file', fleet.statistics, ...options]);
        await eventually('muster-sim is ready', () => existsSync(ready) || !fleet.simulator.running);
        if (!fleet.simulator.running) throw new Error(`muster-sim ended:\n${fleet.simulator.log}`);
        return fleet;
    }

    // The totals of what the devices have been through so far.
    async totals() {
        rmSync(this.statistics, { force: true });
        this.simulator.child.kill('SIGUSR1');
        await eventually('muster-sim writes its statistics', () => existsSync(this.statistics));
        return JSON.parse(readFileSync(this.statistics, 'utf8')).totals;
    }

    // The one line of the script, as an object, and what the devices executed meanwhile.
    async command(file, value, ...options) {
        const before = await this.totals();
        const interpreter = file.endsWith('.py') ? '/usr/bin/python3' : process.execPath;
        const output = await run([interpreter, peer(file), '--port', String(this.broker.port), '--prefix', this.prefix,
            '--devices', String(this.devices), '--value', String(value), ...options]);
        const lines = output.trimEnd().split('\n');
        if (lines.length !== 1) throw new Error(`one line was expected:\n${output}`);
        const after = await this.totals();
        return { ...JSON.parse(lines[0]), executed: after.executed - before.executed };
    }
}

export { startBroker };
