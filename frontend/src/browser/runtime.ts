import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm'
import glueUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url'
import { PaintError } from '../model/errors'

export type Inputs = Readonly<Record<string, Tensor>>

const MAX_THREADS = 4
const MEMORY_PATTERN = /memory|allocat|RangeError/i
const MEMORY_MESSAGE = 'This device has too little free memory to paint here. Close other tabs, then reload the page.'
const SIMD_MESSAGE = 'This browser is too old to paint by itself: its WebAssembly has no SIMD instructions. Update it, or try another.'
/** The smallest module with a SIMD instruction, `i8x16.splat`. */
const SIMD_MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11)

/** Prepares ONNX Runtime with its WebAssembly module; throws PaintError where the browser cannot run it. */
export function prepareRuntime(module: Uint8Array<ArrayBuffer>): void {
  if (!supportsSimd()) throw new PaintError('rejected', SIMD_MESSAGE)
  env.wasm.wasmBinary = module.buffer
  env.wasm.wasmPaths = { mjs: new URL(glueUrl, self.location.href).href }
  // Threads need shared memory, which browsers lend to isolated pages alone. One core is left to the page: on two cores,
  // two threads painted later than one.
  const threads = Math.min(Math.max(navigator.hardwareConcurrency - 1, 1), MAX_THREADS)
  env.wasm.numThreads = self.crossOriginIsolated ? threads : 1
}

export function supportsSimd(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(SIMD_MODULE)
}

/** A graph of ONNX Runtime, which runs one input after the other. */
export class Graph {
  private latest: Promise<unknown> = Promise.resolve()

  private constructor(private readonly session: InferenceSession) {}

  static async open(graph: Uint8Array): Promise<Graph> {
    // To optimise the graph takes half a second of each start; the bundled painters with prompts run no faster by it.
    const options = { executionProviders: ['wasm'], graphOptimizationLevel: 'disabled' } as const
    return new Graph(await InferenceSession.create(graph, options).catch(explained))
  }

  /** Runs the graph; the result is its first output. */
  async run(inputs: Inputs): Promise<Tensor> {
    const result = this.latest.then(() => this.session.run(inputs)).catch(explained)
    this.latest = result.catch(() => undefined)
    const [output] = Object.values(await result)
    if (!output) throw new PaintError('invalid', 'The painter’s graph has no output.')
    return output
  }

  /** Frees its memory, once what runs has ended. */
  async release(): Promise<void> {
    await this.latest
    await this.session.release()
  }
}

export function floats(rows: Float32Array, count: number): Tensor {
  return new Tensor('float32', rows, [count, rows.length / count])
}

export function tokens(ids: readonly number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length])
}

/** Turns what ONNX Runtime throws, of many kinds, into an error with a sentence for the user. */
function explained(cause: unknown): never {
  const text = String(cause)
  throw new PaintError('invalid', MEMORY_PATTERN.test(text) ? MEMORY_MESSAGE : `This browser cannot run the painter: ${text.slice(0, 200)}`)
}
