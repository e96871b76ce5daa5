// The options that all scripts have in common, and the one line that each prints.
import { parseArgs } from 'node:util';

const common = {
    port: { type: 'string' },
    devices: { type: 'string' },
    prefix: { type: 'string', default: 'fridge-' },
    value: { type: 'string' },
    qos: { type: 'string', default: '1' },
    window: { type: 'string' },
    timeout: { type: 'string', default: '10' },
};

export function wholeNumber(name, text, least, most) {
    const number = Number(text);
    if (!/^\d+$/.test(text ?? '') || number < least || number > most) {
        throw new Error(`--${name} wants a whole number from ${least} to ${most}`);
    }
    return number;
}

// What the command line says; `window` is how many operations are under way at once where it says nothing.
export function readOptions(window, more = {}) {
    const { values } = parseArgs({ options: { ...common, ...more } });
    return {
        ...values,
        port: wholeNumber('port', values.port, 1, 65_535),
        devices: wholeNumber('devices', values.devices, 1, 2_000_000),
        value: wholeNumber('value', values.value, 0, 10),
        qos: wholeNumber('qos', values.qos, 0, 1),
        window: wholeNumber('window', values.window ?? String(window), 1, 60_000),
        timeout: wholeNumber('timeout', values.timeout, 1, 86_400),
    };
}

// The ids that muster-sim gives its devices: numbers from 1, all as wide as the last.
export function deviceIds(prefix, count) {
    const width = String(count).length;
    return Array.from({ length: count }, (_, index) => prefix + String(index + 1).padStart(width, '0'));
}

// Of this process, all threads, user and system; two of them make a difference.
export function cpuSeconds() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
}

export function printResult(result) {
    const rounded = (_, value) => (typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : value);
    process.stdout.write(`${JSON.stringify(result, rounded)}\n`);
}
