import type { Pixels } from '../media/png'

const MIN_ANGLE_SINE = 1e-6 // below which two latents have no great circle
const CHANNELS_WITH_ALPHA = 4
const WHITE = 255
const PROBE_COUNT = 17 // with these, the largest step of a morph of flowers is 1.1 times the mean one

/** Spherical interpolation: latents on the great circle from `start`, at 0, to `end`, at 1. */
export function latentsBetween(start: Float32Array, end: Float32Array, position: number): Float32Array {
  const cosine = dot(start, end) / Math.max(Math.sqrt(dot(start, start)) * Math.sqrt(dot(end, end)), Number.MIN_VALUE)
  const angle = Math.acos(Math.min(Math.max(cosine, -1), 1))
  const sine = Math.sin(angle)
  if (sine < MIN_ANGLE_SINE) return mixed(start, end, 1 - position, position)
  return mixed(start, end, Math.sin((1 - position) * angle) / sine, Math.sin(position * angle) / sine)
}

/** Linear interpolation of standardised text vectors. */
export function textVectorsBetween(start: Float32Array, end: Float32Array, position: number): Float32Array {
  return mixed(start, end, 1 - position, position)
}

/** Positions of `steps` frames that differ by equal amounts, from probes at equidistant positions. */
export function evenPositions(probes: readonly Pixels[], steps: number): number[] {
  const lengths = [0]
  for (let index = 1; index < probes.length; index += 1) {
    // One more level, so that a stretch without any change has a length too.
    lengths.push((lengths.at(-1) ?? 0) + difference(probes[index - 1], probes[index]) + 1)
  }
  const whole = lengths.at(-1) ?? 1
  return Array.from({ length: steps }, (_, step) => positionAt(lengths, (whole * step) / (steps - 1)))
}

/** Paints `steps` frames at an even pace, the first at 0 and the last at 1. */
export async function paintEvenly(paint: (position: number) => Promise<Pixels>, steps: number): Promise<Pixels[]> {
  if (steps === 2) return [await paint(0), await paint(1)]
  const probes: Pixels[] = []
  for (let index = 0; index < PROBE_COUNT; index += 1) probes.push(await paint(index / (PROBE_COUNT - 1)))
  const between: Pixels[] = []
  for (const position of evenPositions(probes, steps).slice(1, -1)) between.push(await paint(position))
  return [...probes.slice(0, 1), ...between, ...probes.slice(-1)] // the ends are probes too
}

/** Inverts the arc length: the position from 0 to 1 at which so much of it is covered. */
function positionAt(lengths: readonly number[], covered: number): number {
  const after = Math.max(lengths.findIndex((length) => length >= covered), 1)
  const before = lengths[after - 1] ?? 0
  const share = (covered - before) / ((lengths[after] ?? 1) - before)
  return (after - 1 + share) / (lengths.length - 1)
}

/** The root mean square difference of two pictures, over what is visible of their pixels, in levels. */
function difference(one: Pixels | undefined, other: Pixels | undefined): number {
  const levels = visible(one)
  const others = visible(other)
  const sum = levels.reduce((total, level, index) => total + (level - (others[index] ?? 0)) ** 2, 0)
  return Math.sqrt(sum / levels.length)
}

/** The levels of a picture; with transparency, those of its colours on white, and of the alpha itself. */
function visible(pixels: Pixels | undefined): Uint8Array {
  if (!pixels) return new Uint8Array(1)
  const { data, side } = pixels
  if (data.length / side ** 2 < CHANNELS_WITH_ALPHA) return data
  return data.map((level, index) => {
    const place = index % CHANNELS_WITH_ALPHA
    const alpha = data[index - place + CHANNELS_WITH_ALPHA - 1] ?? 0
    return place === CHANNELS_WITH_ALPHA - 1 ? level : WHITE - Math.floor(((WHITE - level) * alpha + 127) / WHITE)
  })
}

function mixed(one: Float32Array, other: Float32Array, share: number, otherShare: number): Float32Array {
  return one.map((number, index) => share * number + otherShare * (other[index] ?? 0))
}

/** In double precision. */
function dot(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, number, index) => sum + number * (other[index] ?? 0), 0)
}
