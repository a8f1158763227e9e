// A service that answers a picture with its edges: POST /edges?operator=canny, the picture's bytes as the body.
//
//   npm install corr2d && node upload-service.mjs          listens on port 8080, or on PORT
//   curl --data-binary @photo.jpg localhost:8080/edges -o edges.png
//
// The loop stays free for other requests: pictures are decoded, worked on and encoded in threads, whose number and memory are bounded;
// more uploads than that wait. Whoever goes away has his work stopped.
import { createServer } from 'node:http';
import { detectEdgesAsync, ExpectationError, limitBackground, FileError } from 'corr2d';

const MOST_BYTES = 64 * 2 ** 20;
const OPERATORS = ['sobel', 'scharr', 'canny', 'log'];

limitBackground({ threads: 2, memory: 512 });

const server = createServer((request, response) => void serve(request, response));

async function serve(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  if (request.method !== 'POST' || pathname !== '/edges') return answer(response, 404, 'POST a picture to /edges\n');
  const operator = searchParams.get('operator') ?? 'sobel';
  if (!OPERATORS.includes(operator)) return answer(response, 400, `operator is one of ${OPERATORS.join(', ')}\n`);
  const gone = new AbortController();
  response.once('close', () => gone.abort(new Error('the client went away')));
  try {
    const body = await readBody(request);
    const { bytes } = await detectEdgesAsync(body, {
      operator,
      limitPixels: 50e6,
      encode: { format: 'png' },
      signal: gone.signal,
      transfer: true,
    });
    answer(response, 200, bytes, 'image/png');
  } catch (error) {
    if (gone.signal.aborted) return;
    const status = error instanceof TooLarge ? 413 : statusOf(error);
    answer(response, status, `${status === 500 ? 'something went wrong here' : error.message}\n`);
  }
}

/** What is wrong with the picture or the call is the client's to know; anything else is ours. */
function statusOf(error) {
  if (error instanceof FileError) return error.code === 'too-large' ? 413 : 415;
  return error instanceof ExpectationError ? 400 : 500;
}

class TooLarge extends Error {}

async function readBody(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > MOST_BYTES) throw new TooLarge(`Expected at most ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  // An array of its own: a small Buffer is a part of a larger one.
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

function answer(response, status, body, type = 'text/plain; charset=utf-8') {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
