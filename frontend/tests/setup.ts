/** Stand-ins for what jsdom lacks: canvases, which draw nothing here, and modal dialogs. */
HTMLCanvasElement.prototype.getContext = () => null
HTMLDialogElement.prototype.showModal = function () {
  this.open = true
}
HTMLDialogElement.prototype.close = function () {
  this.open = false
  this.dispatchEvent(new Event('close'))
}

/** Images load in the next microtask; those with an invalid base64 source fail. */
Object.defineProperty(HTMLImageElement.prototype, 'src', {
  get(this: HTMLImageElement) {
    return this.getAttribute('src') ?? ''
  },
  set(this: HTMLImageElement, source: string) {
    this.setAttribute('src', source)
    queueMicrotask(() => this.dispatchEvent(new Event(source.includes('!') ? 'error' : 'load')))
  },
})
