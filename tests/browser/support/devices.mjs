// Refrigerators that the test plays itself, message by message: nothing happens to a job but what the test does.
import { eventually } from './eventually.mjs';

const root = 'muster/v1/dev';

export class Devices {
    #client;
    operations = []; // every operation message that went to any device: { device, id, ... }

    static async at(client) {
        const devices = new Devices();
        devices.#client = client;
        await client.subscribe(`${root}/+/cmd`, (topic, payload) => {
            if (topic.endsWith('/cmd')) devices.operations.push({ device: topic.split('/')[3], ...JSON.parse(payload) });
        });
        return devices;
    }

    register(id, tags = {}, template = 'refrigerator') {
        this.#client.publish(`${root}/${id}/info`, JSON.stringify({ proto: 1, template, tags, remembers: 8 }), true);
        this.online(id);
    }

    online(id) {
        this.#client.publish(`${root}/${id}/status`, 'online', true);
    }

    offline(id) {
        this.#client.publish(`${root}/${id}/status`, 'offline', true);
    }

    report(id, values) {
        this.#client.publish(`${root}/${id}/state`, JSON.stringify(values), true);
    }

    // Answers the newest operation that the job has for the device, once it has come.
    async answer(job, id, code, message = '') {
        const newest = await eventually(`an operation of job ${job} for ${id}`, () =>
            this.operations.filter((one) => one.device === id && one.id.startsWith(`${job}.`)).at(-1));
        this.#client.publish(`${root}/${id}/ack`, JSON.stringify({ id: newest.id, code, ...(message ? { msg: message } : {}) }));
    }
}
