import { vi } from 'vitest'
import { response, type Answer } from './fakeServer'

export interface Post {
  readonly path: string
  readonly body: Record<string, unknown>
  readonly signal: AbortSignal
}

/** Replaces `fetch` by a server for JSON posts; returns the list of posts. */
export function servePosts(answer: (post: Post) => Answer | Promise<Answer>): Post[] {
  const posts: Post[] = []
  vi.stubGlobal('fetch', async (address: string, init: RequestInit & { body: string; signal: AbortSignal }) => {
    const { pathname } = new URL(address, 'http://server/')
    const post = { path: pathname, body: JSON.parse(init.body) as Record<string, unknown>, signal: init.signal }
    posts.push(post)
    return response(await answer(post))
  })
  return posts
}
