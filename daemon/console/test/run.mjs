// Bundles each *.test.ts with Vite, which is here anyway, and hands them to node's own test runner.
// Works with Node 18 and newer, and needs no test framework.
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '..', '.test');
const tests = readdirSync(here).filter((name) => name.endsWith('.test.ts'));

await build({
  configFile: false,
  root: join(here, '..'),
  logLevel: 'warn',
  build: {
    ssr: true,
    outDir: out,
    emptyOutDir: true,
    target: 'node18',
    rollupOptions: { input: tests.map((name) => join(here, name)), output: { entryFileNames: '[name].mjs' } },
  },
});

const files = tests.map((name) => join(out, name.replace(/\.ts$/, '.mjs')));
const { status } = spawnSync(process.execPath, ['--test', ...files], { stdio: 'inherit' });
rmSync(out, { recursive: true, force: true });
process.exit(status ?? 1);
