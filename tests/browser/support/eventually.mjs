// Waiting for what will be so: looked at again and again, until a deadline. Any module may call it.
import { setTimeout as pause } from 'node:timers/promises';

export const patienceMs = Number(process.env.MUSTER_PATIENCE_SECONDS ?? 30) * 1000;
const betweenMs = 40;

// The first result of `look` that is true, or an error that says what was awaited and what was seen last.
export async function eventually(what, look, milliseconds = patienceMs) {
    const deadline = Date.now() + milliseconds;
    for (;;) {
        const seen = await look();
        if (seen) return seen;
        if (Date.now() > deadline) throw new Error(`not within ${milliseconds / 1000} s: ${what}`);
        await pause(betweenMs);
    }
}

const fits = (text, expected) => (expected instanceof RegExp ? expected.test(text) : text.includes(expected));

// Until the element's text holds a text, or fits an expression.
export async function shows(locator, expected, milliseconds = patienceMs) {
    await locator.first().waitFor({ state: 'attached', timeout: milliseconds });
    let seen = '';
    try {
        await eventually('', async () => {
            seen = ((await locator.first().textContent({ timeout: milliseconds })) ?? '').replaceAll(/\s+/g, ' ').trim();
            return fits(seen, expected);
        }, milliseconds);
    } catch {
        throw new Error(`not within ${milliseconds / 1000} s: ${locator} shows ${expected}; last it showed “${seen}”`);
    }
}

export async function counts(locator, expected, milliseconds = patienceMs) {
    let seen = -1;
    try {
        await eventually('', async () => (seen = await locator.count()) === expected, milliseconds);
    } catch {
        throw new Error(`not within ${milliseconds / 1000} s: ${expected} of ${locator}; last there were ${seen}`);
    }
}
