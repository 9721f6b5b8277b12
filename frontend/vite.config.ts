import type { IncomingMessage } from 'node:http'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const serverUrl = process.env['PAINTING_SERVER'] ?? 'http://127.0.0.1:8001'

/** Bypasses the proxy for requests that accept HTML: `/` is both the page and a route of the API. */
function servePage(request: IncomingMessage): string | undefined {
  return request.headers.accept?.includes('text/html') ? '/index.html' : undefined
}

export default defineConfig({
  plugins: [vue()],
  base: './',
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
  },
  test: { environment: 'jsdom', include: ['tests/**/*.spec.ts'], setupFiles: ['tests/setup.ts'] },
})
