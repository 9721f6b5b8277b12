/** What jsdom lacks: canvases, which then draw nothing, and modal dialogs. */
HTMLCanvasElement.prototype.getContext = () => null
HTMLDialogElement.prototype.showModal = function () {
  this.open = true
}
HTMLDialogElement.prototype.close = function () {
  this.open = false
  this.dispatchEvent(new Event('close'))
}

/** Images load at once; what is no base64 is broken. */
Object.defineProperty(HTMLImageElement.prototype, 'src', {
  get(this: HTMLImageElement) {
    return this.getAttribute('src') ?? ''
  },
  set(this: HTMLImageElement, source: string) {
    this.setAttribute('src', source)
    queueMicrotask(() => this.dispatchEvent(new Event(source.includes('!') ? 'error' : 'load')))
  },
})
