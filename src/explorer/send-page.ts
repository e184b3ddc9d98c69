/** Pages and parts of pages as responses. */
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

type Content = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Pages depend on the language that the reader has chosen, and on what is indexed this very moment. */
const headers = { 'Cache-Control': 'no-store', Vary: 'Accept-Language, Cookie' };

export const sendPage = (c: Context, content: Content, status: 200 | 404 = 200) =>
  c.html(html`<!doctype html>${content}`, status, headers);

/** Elements with ids: a module puts each into the place of the element with the same id. */
export const sendParts = (c: Context, content: Content) => c.html(content, 200, headers);
