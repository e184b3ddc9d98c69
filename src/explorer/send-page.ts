/** Pages and parts of pages as responses. */
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

type Content = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Pages depend on the chosen language and on what is indexed now, so they are not cached. */
const headers = { 'Cache-Control': 'no-store', Vary: 'Accept-Language, Cookie' };

export const sendPage = (c: Context, content: Content, status: 200 | 404 = 200) =>
  c.html(html`<!doctype html>${content}`, status, headers);

/** Elements with ids: a module replaces the element with the same id by each of them. */
export const sendParts = (c: Context, content: Content) => c.html(content, 200, headers);
