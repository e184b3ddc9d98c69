/** What a new user sees after `npm start`. */

export const addressOf = (host: string, port: number) =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

export function printFirstSteps(address: string, loaded: number): void {
  const catalogue = loaded > 0 ? `${loaded} sample restaurants were loaded, none of them embedded yet.` : '';
  process.stdout.write(`
TasteMatch serves ${address}
${catalogue}
Try, in another terminal:
  curl ${address}/restaurants/1                    the first read embeds it
  curl ${address}/restaurants/1                    the second one finds it ready
  curl '${address}/search?q=feijoada'              search by words and by meaning
  curl ${address}/embeddings                       how much of the catalogue is embedded

`);
}
