// musterd goes away in the middle of a job, and comes back.
import { consoleTests } from './support/console_test.mjs';
import { executionRow, jobRow, jobStatus, showsTally } from './support/console.mjs';
import { counts, eventually, shows } from './support/eventually.mjs';

const ids = [1, 2, 3].map((number) => `hall-${number}`);

const test = consoleTests(async (gateway) => {
    await gateway.applyExampleFleet();
    for (const id of ids) gateway.devices.register(id, { hall: 'A' });
    await gateway.ask('anna', 'set/put', { set: 'hall', template: 'refrigerator', query: 'tags.hall == "A"' });
    await eventually('the devices', async () => (await gateway.ask('anna', 'set/get', { set: 'hall' })).devices === 3);
});

test('A25 B02: after a kill -9 of musterd the page says that it lost it, recovers by itself, and its numbers are right', async (visit, gateway) => {
    const { job } = await gateway.ask('anna', 'job/save', { name: 'Through a crash', set: 'hall', type: 'settings', operations: [{ name: 'fanSpeed', value: 3 }], run: true });
    const page = await visit.open(`/jobs/${job}`, { mayLoseConnection: true });
    const list = await visit.open('/jobs', { mayLoseConnection: true });
    await gateway.devices.answer(job, ids[0], 200);
    await showsTally(page, { succeeded: 1, failed: 0, pending: 2 });
    await gateway.killDaemon();
    await page.getByTestId('connection-lost').waitFor();
    await list.getByTestId('connection-lost').waitFor();
    await showsTally(page, { succeeded: 1, failed: 0, pending: 2 });
    await gateway.startDaemon();
    await counts(page.getByTestId('connection-lost'), 0);
    await gateway.devices.answer(job, ids[1], 400, 'door open');
    await shows(executionRow(page, ids[1]), /Failed.*door open/);
    await showsTally(page, { succeeded: 1, failed: 1, pending: 1 });
    await gateway.devices.answer(job, ids[2], 200);
    await shows(jobStatus(page), 'Failed');
    await showsTally(page, { succeeded: 2, failed: 1, pending: 0 });
    await counts(list.getByTestId('connection-lost'), 0);
    await shows(jobRow(list, 'Through a crash'), 'Failed');
});
