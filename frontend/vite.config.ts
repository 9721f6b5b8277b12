import type { IncomingMessage } from 'node:http'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const server = process.env['PAINTING_SERVER'] ?? 'http://127.0.0.1:8001'

/** The API shares `/` with the page: what asks for HTML is the page's, the rest the server's. */
function pageItself(request: IncomingMessage): string | undefined {
  return request.headers.accept?.includes('text/html') ? '/index.html' : undefined
}

export default defineConfig({
  plugins: [vue()],
  base: './',
  // Nothing here is written with Vue's older way of components.
  define: { __VUE_OPTIONS_API__: false },
  server: {
    port: 5173,
    strictPort: true,
    proxy: {
      '^/\\?': { target: server, bypass: pageItself },
      '/v1': { target: server },
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
