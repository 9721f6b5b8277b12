import { onMounted, onScopeDispose, ref, type Ref } from 'vue'

const DRAG_END_MS = 200

/** Files dropped or pasted anywhere on the page; `dragging` while one is dragged over it. */
export function useFileDrop(onFile: (file: File) => void): { dragging: Ref<boolean> } {
  const dragging = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  function onDragOver(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    dragging.value = true
    // `dragleave` fires for every element that is crossed; `dragover` fires as long as a file is over the page.
    clearTimeout(timer)
    timer = setTimeout(() => (dragging.value = false), DRAG_END_MS)
  }

  function onDrop(event: DragEvent): void {
    const file = event.dataTransfer?.files[0]
    dragging.value = false
    if (!file) return
    event.preventDefault()
    onFile(file)
  }

  function onPaste(event: ClipboardEvent): void {
    const file = event.clipboardData?.files[0]
    if (file) onFile(file)
  }

  onMounted(() => {
    window.addEventListener('dragover', onDragOver)
    window.addEventListener('drop', onDrop)
    window.addEventListener('paste', onPaste)
  })
  onScopeDispose(() => {
    clearTimeout(timer)
    window.removeEventListener('dragover', onDragOver)
    window.removeEventListener('drop', onDrop)
    window.removeEventListener('paste', onPaste)
  })
  return { dragging }
}
