/** The frame of every page. */
import type { Child } from 'hono/jsx';

const links = [
  ['/', 'Restaurants'],
  ['/explore/recommendations', 'For you'],
  ['/explore/map', 'Map'],
  ['/explore/machine', 'Machine'],
  ['/docs', 'API'],
] as const;

export const styles = ['base.css', 'parts.css', 'pages.css'] as const;

export interface LayoutProps {
  readonly title: string;
  /** Path of the link that is current. */
  readonly current: string;
  /** Name of the page's module among the assets, if it has one. */
  readonly script?: string;
  readonly children?: Child;
}

export const Layout = ({ title, current, script, children }: LayoutProps) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{`${title} · TasteMatch`}</title>
      <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
      {styles.map((name) => (
        <link rel="stylesheet" href={`/assets/${name}`} />
      ))}
      {script && <script type="module" src={`/assets/${script}`} />}
    </head>
    <body>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header>
        <a class="brand" href="/">
          <img src="/assets/icon.svg" alt="" width="28" height="28" /> TasteMatch
        </a>
        <nav aria-label="Pages">
          {links.map(([href, name]) => (
            <a href={href} aria-current={href === current ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
      </header>
      <main id="main" tabindex={-1}>
        {children}
      </main>
      <footer>
        Vectors are made by the first read of a restaurant, stored, and never made again.
        <span id="live" class="unseen" role="status" />
      </footer>
      <dialog id="key-dialog" aria-labelledby="key-title">
        <form method="dialog">
          <h2 id="key-title">This needs an API key</h2>
          <label for="key">API key</label>
          <input id="key" type="password" autocomplete="off" required />
          <p class="note">It is kept in this tab only.</p>
          <p class="warning" id="key-note" role="status" />
          <div class="actions">
            <button type="button" id="key-cancel">
              Cancel
            </button>
            <button value="ok" class="primary">
              Go on
            </button>
          </div>
        </form>
      </dialog>
    </body>
  </html>
);
