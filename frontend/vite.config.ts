import type { IncomingMessage } from 'node:http'
import vue from '@vitejs/plugin-vue'
import { defaultClientConditions } from 'vite'
import { defineConfig } from 'vitest/config'

const serverUrl = process.env['PAINTING_SERVER'] ?? 'http://127.0.0.1:8001'

/** Bypasses the proxy for requests that accept HTML: `/` is both the page and a route of the API. */
function servePage(request: IncomingMessage): string | undefined {
  return request.headers.accept?.includes('text/html') ? '/index.html' : undefined
}

export default defineConfig({
  plugins: [vue()],
  base: './',
  // ONNX Runtime's WebAssembly module lies beside the page, gzipped, not within its scripts.
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  worker: { format: 'es' },
  // All components use the composition API.
  define: { __VUE_OPTIONS_API__: false },
  server: {
    port: 5173,
    strictPort: true,
    proxy: {
      '^/\\?': { target: serverUrl, bypass: servePage },
      '/v1': { target: serverUrl },
    },
  },
  build: {
    outDir: process.env['PAGE_FOLDER'] ?? '../src/painting/serving/static',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: 'index.html', painting: 'src/embed/painting.ts' },
      preserveEntrySignatures: 'exports-only',
      // Other pages import this one by its name.
      output: { entryFileNames: ({ name }) => (name === 'painting' ? 'painting.js' : 'assets/[name]-[hash].js') },
    },
  },
  test: { environment: 'jsdom', include: ['tests/**/*.spec.ts'], setupFiles: ['tests/setup.ts'] },
})
