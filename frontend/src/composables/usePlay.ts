import { onScopeDispose, ref, type Ref } from 'vue'

const THERE_MS = 2400

/** Move a position (0 … 100) there and back, until somebody stops it. */
export function usePlay(position: Ref<number>): { playing: Ref<boolean>; toggle: () => void } {
  const playing = ref(false)
  let frame = 0

  function toggle(): void {
    playing.value = !playing.value
    cancelAnimationFrame(frame)
    if (!playing.value) return
    const began = performance.now() - (position.value / 100) * THERE_MS
    frame = requestAnimationFrame(function move(now: number): void {
      const turn = (Math.max(now - began, 0) / THERE_MS) % 2
      position.value = Math.round(100 * (turn > 1 ? 2 - turn : turn))
      frame = requestAnimationFrame(move)
    })
  }

  onScopeDispose(() => cancelAnimationFrame(frame))
  return { playing, toggle }
}
