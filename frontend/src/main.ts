import { createApp } from 'vue'
import App from './App.vue'
import { isInBrowser } from './engine'
import './style.css'

createApp(App).mount('#app')

// Of a static site: it then opens without a network.
if (isInBrowser() && 'serviceWorker' in navigator) void navigator.serviceWorker.register('./sw.js').catch(() => undefined)
