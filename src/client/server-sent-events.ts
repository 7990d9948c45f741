export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/** What one event may take; a stream that sends more is broken. */
const MAX_EVENT_CHARACTERS = 1_000_000;
const LINE_END = /\r\n|\n|\r(?!$)/;

/**
 * Reads an event stream as the HTML standard's "Server-sent events" section parses it: events end with
 * an empty line, lines that begin with a colon are comments. `id` and `retry` are not used here.
 */
export async function* readServerSentEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerSentEvent> {
  let rest = '';
  let event = '';
  let data: string[] = [];
  const decoder = new TextDecoder();
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(LINE_END);
    rest = lines.pop() ?? '';
    if (rest.length > MAX_EVENT_CHARACTERS) throw new Error('an event of the stream is too long');
    for (const line of lines) {
      if (line === '') {
        if (event !== '' || data.length > 0)
          yield { event: event || 'message', data: data.join('\n') };
        event = '';
        data = [];
        continue;
      }
      const { field, value } = parseLine(line);
      if (field === 'event') event = value;
      else if (field === 'data') data.push(value);
    }
  }
}

function parseLine(line: string): { readonly field: string; readonly value: string } {
  const colon = line.indexOf(':');
  if (colon < 0) return { field: line, value: '' };
  return { field: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, '') };
}
