/** The frame of every page. */
import type { Child } from 'hono/jsx';
import { ApiDrawer } from './api-drawer.tsx';
import { assetHref } from './assets.ts';
import { KeyDialog } from './key-dialog.tsx';
import { linkTo, type ApiRequest, type View } from './view.ts';

export interface LayoutProps {
  readonly view: View;
  readonly title: string;
  /** Path of the link that is current. */
  readonly current: string;
  /** Name of the page's module among the assets; without one only the drawer works. */
  readonly script?: string;
  /** A style sheet that only this page has. */
  readonly styles?: string;
  readonly requests?: readonly ApiRequest[];
  readonly children?: Child;
}

const links = [
  ['/', 'list'],
  ['/explore/recommendations', 'forYou'],
  ['/explore/map', 'map'],
  ['/explore/machine', 'machine'],
  ['/docs', 'reference'],
] as const;

const Header = ({ view, current }: Pick<LayoutProps, 'view' | 'current'>) => {
  const { nav } = view.words;
  const other = view.language === 'en' ? 'pt' : 'en';
  return (
    <header>
      <a class="brand" href="/">
        <img src={assetHref('icon.svg')} alt="" width="28" height="28" /> TasteMatch
      </a>
      <nav aria-label={nav.label}>
        {links.map(([href, name]) => (
          <a href={href} aria-current={href === current ? 'page' : undefined}>
            {nav[name]}
          </a>
        ))}
      </nav>
      <a
        class="language"
        lang={other}
        hreflang={other}
        href={linkTo(view.path, view.query, { lang: other })}
        rel="nofollow"
      >
        {nav.otherLanguage}
      </a>
    </header>
  );
};

export const Layout = ({ view, title, current, script, styles, requests = [], children }: LayoutProps) => {
  const { words, language } = view;
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {/* With no-referrer, the header of the service, a form without scripts would count as one of a foreign page. */}
        <meta name="referrer" content="same-origin" />
        <title>{`${title} · TasteMatch`}</title>
        <link rel="icon" href={assetHref('icon.svg')} type="image/svg+xml" />
        {['colours.css', 'base.css', 'parts.css', 'rows.css', 'frame.css', ...(styles ? [styles] : [])].map(
          (name) => (
            <link rel="stylesheet" href={assetHref(name)} />
          ),
        )}
        <script type="module" src={assetHref(script ?? 'page.js')} />
      </head>
      <body>
        <a class="skip" href="#main">
          {words.nav.skip}
        </a>
        <Header view={view} current={current} />
        <main id="main" tabindex={-1}>
          {children}
          {requests.length > 0 && <ApiDrawer view={view} requests={requests} />}
        </main>
        <footer>{words.nav.footer}</footer>
        <p id="live" class="toast" role="status" />
        <KeyDialog view={view} />
        <template
          id="words"
          data-words={JSON.stringify(words.browser)}
          data-reasons={JSON.stringify(words.reasons)}
        />
      </body>
    </html>
  );
};
