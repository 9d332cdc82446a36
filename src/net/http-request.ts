/** One HTTP request, as a stimulus of a client makes it. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Milliseconds that a client's own HTTP interface may take. */
const limit = 5000;

/** Sends a request and reads its answer to the end. Rejects with an Error for a status of 400 and above. */
export async function httpRequest(request: HttpRequest): Promise<void> {
  const { fetch } = await import('undici');
  const { method, url, headers, body } = request;
  const response = await fetch(url, {
    method,
    headers: { ...headers },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(limit),
  });
  await response.arrayBuffer();
  if (response.status >= 400) throw new Error(`${method} ${url} was answered with ${response.status}`);
}
