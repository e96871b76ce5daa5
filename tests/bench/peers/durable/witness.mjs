// Who did what, as the devices said it, whoever was killed meanwhile: a subscriber of all acks.
import { connectClient } from '../support/client.mjs';

export class Witness {
    #executions = new Map(); // device to the operation ids that it has executed
    acks = 0;

    // Of the operations of that run alone.
    static async at(port, run) {
        const witness = new Witness();
        witness.run = run;
        witness.client = await connectClient(port);
        witness.client.on('message', (topic, payload) => witness.#hear(topic.split('/')[3], JSON.parse(payload)));
        await witness.client.subscribeAsync('muster/v1/dev/+/ack', { qos: 1 });
        return witness;
    }

    // A device that remembers ids answers a repeat as it did before, and executes nothing: one id, one execution.
    #hear(device, { id, code }) {
        if (!id.startsWith(`${this.run}.`) || code < 200 || code > 299 || code === 202) return;
        this.acks += 1;
        if (!this.#executions.has(device)) this.#executions.set(device, new Set());
        this.#executions.get(device).add(id);
    }

    executions(device) {
        return this.#executions.get(device)?.size ?? 0;
    }

    async end() {
        await this.client.endAsync();
    }
}
