import { defineConfig } from 'vite';

// musterd serves what is built here with a Content-Security-Policy that allows nothing inline, so
// nothing is inlined: neither small files as data addresses nor a polyfill for module preloading.
export default defineConfig({
  base: '/',
  build: {
    outDir: process.env['MUSTER_CONSOLE_OUT'] ?? 'build',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ['chrome123', 'firefox121', 'safari17.5'],
    reportCompressedSize: true,
  },
  server: { proxy: { '/api': process.env['MUSTER_ADDRESS'] ?? 'http://127.0.0.1:8620' } },
});
