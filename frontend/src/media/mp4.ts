import { ArrayBufferTarget, Muxer } from 'mp4-muxer'
import { drawBetween, newCanvas } from './frames'
import { VIDEO_SIDE_PX, type VideoCodec } from './videoCodec'

const FRAMES_A_SECOND = 30
const FRAME_MICROSECONDS = 1_000_000 / FRAMES_A_SECOND
const BITS_A_SECOND = 1_500_000
const FRAMES_A_KEY_FRAME = 60
const MAX_QUEUED_FRAMES = 8

/**
 * Encodes a morph's frames as an MP4 that goes forwards and backwards, on white where they are transparent.
 *
 * This module has a chunk of its own, as few visitors need it. Throws the signal's reason once it is aborted.
 */
export async function encodeMp4(
  signal: AbortSignal,
  frames: readonly HTMLCanvasElement[],
  oneWaySeconds: number,
  codec: VideoCodec,
): Promise<Uint8Array<ArrayBuffer>> {
  const { canvas, context } = newCanvas(VIDEO_SIDE_PX, VIDEO_SIDE_PX)
  const size = { width: VIDEO_SIDE_PX, height: VIDEO_SIDE_PX }
  const target = new ArrayBufferTarget()
  const video = { codec: codec.family, ...size, frameRate: FRAMES_A_SECOND }
  const muxer = new Muxer({ target, video, fastStart: 'in-memory' })
  // An error closes the encoder, so that the next call of it throws.
  const encoder = new VideoEncoder({ output: (chunk, meta) => muxer.addVideoChunk(chunk, meta), error: () => undefined })
  encoder.configure({ codec: codec.name, ...size, framerate: FRAMES_A_SECOND, bitrate: BITS_A_SECOND })
  const stepCount = Math.round(oneWaySeconds * FRAMES_A_SECOND)
  for (let step = 0; step < 2 * stepCount; step += 1) {
    drawBetween(context, frames, 1 - Math.abs(1 - step / stepCount))
    fillBehind(context)
    const frame = new VideoFrame(canvas, { timestamp: step * FRAME_MICROSECONDS, duration: FRAME_MICROSECONDS })
    encoder.encode(frame, { keyFrame: step % FRAMES_A_KEY_FRAME === 0 })
    frame.close()
    while (encoder.encodeQueueSize > MAX_QUEUED_FRAMES) await new Promise((resolve) => setTimeout(resolve))
    signal.throwIfAborted()
  }
  await encoder.flush()
  encoder.close()
  muxer.finalize()
  return new Uint8Array(target.buffer)
}

/** Fills what is transparent of a canvas: videos have no alpha. */
function fillBehind(context: CanvasRenderingContext2D): void {
  context.globalAlpha = 1
  context.globalCompositeOperation = 'destination-over'
  context.fillStyle = 'white'
  context.fillRect(0, 0, context.canvas.width, context.canvas.height)
}
