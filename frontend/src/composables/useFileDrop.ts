import { onMounted, onScopeDispose, ref, type Ref } from 'vue'

/** Files that are dropped anywhere on the page, or pasted; `over` while one hovers. */
export function useFileDrop(take: (file: File) => void): { over: Ref<boolean> } {
  const over = ref(false)
  let leaving: ReturnType<typeof setTimeout> | undefined

  function drag(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    over.value = true
    // `dragleave` comes for every element that is crossed; `dragover` comes as long as a file hovers.
    clearTimeout(leaving)
    leaving = setTimeout(() => (over.value = false), 200)
  }

  function drop(event: DragEvent): void {
    const file = event.dataTransfer?.files[0]
    over.value = false
    if (!file) return
    event.preventDefault()
    take(file)
  }

  function paste(event: ClipboardEvent): void {
    const file = event.clipboardData?.files[0]
    if (file) take(file)
  }

  onMounted(() => {
    window.addEventListener('dragover', drag)
    window.addEventListener('drop', drop)
    window.addEventListener('paste', paste)
  })
  onScopeDispose(() => {
    clearTimeout(leaving)
    window.removeEventListener('dragover', drag)
    window.removeEventListener('drop', drop)
    window.removeEventListener('paste', paste)
  })
  return { over }
}
