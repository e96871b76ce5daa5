// The queue: a job for each device, and what is known of the jobs at the end.
import { setTimeout as pause } from 'node:timers/promises';
import { Queue } from 'bullmq';

export const queueName = 'settings';
const jobsAtOnce = 1000; // in one transaction; Redis does nothing else while it carries it out
const mostAttempts = 100;
const betweenMs = 100;

export function openQueue(port) {
    const queue = new Queue(queueName, { connection: { host: '127.0.0.1', port } });
    queue.on('error', () => {}); // Redis is away; the client connects again by itself
    return queue;
}

// Resolved when Redis has said of all jobs that they are stored. Where it went away in between, they are added again:
// with ids of their own they do not become two.
export async function addJobs(queue, run, devices, set) {
    const jobs = devices.map((device, number) => ({
        name: 'set',
        data: { device, set },
        opts: { jobId: `${run}.${number}`, attempts: 2 },
    }));
    for (let at = 0; at < jobs.length; at += jobsAtOnce) await addSurely(queue, jobs.slice(at, at + jobsAtOnce));
}

async function addSurely(queue, jobs) {
    for (let attempt = 1; ; ++attempt) {
        try {
            await queue.addBulk(jobs);
            return;
        } catch (error) {
            if (attempt === mostAttempts) throw error;
            await pause(betweenMs);
        }
    }
}

// Jobs that are not at their end.
export async function openJobs(queue) {
    const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized', 'paused');
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

async function devicesOf(queue, state) {
    const devices = new Map();
    for (let at = 0; ; at += jobsAtOnce) {
        const jobs = await queue.getJobs([state], at, at + jobsAtOnce - 1);
        for (const job of jobs) devices.set(job.data.device, job.failedReason);
        if (jobs.length < jobsAtOnce) return devices;
    }
}

// What the queue says of each device: whether it was done, and the reason where it was not.
export async function verdicts(queue) {
    return { completed: await devicesOf(queue, 'completed'), failed: await devicesOf(queue, 'failed') };
}
