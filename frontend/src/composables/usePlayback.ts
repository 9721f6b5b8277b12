import { onScopeDispose, ref, type Ref } from 'vue'

const ONE_WAY_MS = 2400

/** Plays a position (0 … 100) forwards and backwards until it is paused. */
export function usePlayback(position: Ref<number>): { playing: Ref<boolean>; toggle: () => void } {
  const playing = ref(false)
  let frame = 0

  function toggle(): void {
    playing.value = !playing.value
    cancelAnimationFrame(frame)
    if (!playing.value) return
    const start = performance.now() - (position.value / 100) * ONE_WAY_MS
    frame = requestAnimationFrame(function move(now: number): void {
      const phase = (Math.max(now - start, 0) / ONE_WAY_MS) % 2
      position.value = Math.round(100 * (phase > 1 ? 2 - phase : phase))
      frame = requestAnimationFrame(move)
    })
  }

  onScopeDispose(() => cancelAnimationFrame(frame))
  return { playing, toggle }
}
