// What every test file begins with: one gateway and one browser for all its tests.
import { after, before, test as nodeTest } from 'node:test';
import { launch, Visit } from './browser.mjs';
import { Gateway } from './gateway.mjs';

// `prepare(gateway)` puts into the gateway what the tests of the file need. Each test gets a Visit, and fails
// when a page of it reported a fault. The pages of a test that failed are kept as failed-*.png.
export function consoleTests(prepare) {
    let gateway;
    let browser;
    before(async () => {
        [gateway, browser] = await Promise.all([Gateway.start(), launch()]);
        await prepare(gateway);
    });
    after(async () => {
        await browser?.close();
        await gateway?.end();
    });
    return (name, body) => nodeTest(name, async () => {
        const visit = new Visit(browser, gateway);
        try {
            await body(visit, gateway);
            if (visit.faults.length > 0) throw new Error(`The browser reports:\n${visit.faults.join('\n')}`);
        } catch (error) {
            await visit.picture(`failed-${name.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 60)}`).catch(() => undefined);
            throw error;
        } finally {
            await visit.close();
        }
    });
}
