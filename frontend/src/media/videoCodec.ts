/** Of videos: even, as H.264 wants it, and four times a picture's side or more. */
export const VIDEO_SIDE_PX = 640

/** A codec by its family and in full: profile, level for the videos' size, depth. */
export interface VideoCodec {
  readonly family: 'avc' | 'vp9' | 'av1'
  readonly name: string
}

/** H.264 first: programs that show an MP4 at all know it. */
const CODECS: readonly VideoCodec[] = [
  { family: 'avc', name: 'avc1.64001f' },
  { family: 'vp9', name: 'vp09.00.31.08' },
  { family: 'av1', name: 'av01.0.05M.08' },
]

/** The codec that this browser encodes an MP4 with; null where it encodes none, or hides that from a page by plain http. */
export async function findVideoCodec(): Promise<VideoCodec | null> {
  if (!('VideoEncoder' in window)) return null
  for (const codec of CODECS) {
    const config = { codec: codec.name, width: VIDEO_SIDE_PX, height: VIDEO_SIDE_PX }
    const { supported } = await VideoEncoder.isConfigSupported(config).catch(() => ({ supported: false }))
    if (supported) return codec
  }
  return null
}
