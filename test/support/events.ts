/** A listener to the server-sent events of a service. */
import type { Service } from './service.ts';

/** Collects the events of a listener until the service ends the stream. */
export async function listen(service: Service, headers: Record<string, string> = {}) {
  const response = await fetch(`${service.url}/events`, { headers });
  const events: { id: string; type: string; data: Record<string, unknown> }[] = [];
  const read = async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
        const data = field('data');
        if (data) events.push({ id: field('id') ?? '', type: field('event') ?? '', data: JSON.parse(data) });
      }
    }
  };
  return { response, events, ended: read() };
}
