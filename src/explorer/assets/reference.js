/** Loads Swagger UI in place of the table, when the button is pressed or a link leads into it. */
import './page.js';

const button = document.querySelector('#interactive');
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);

function load(element) {
  return new Promise((resolve, reject) => {
    element.addEventListener('load', resolve);
    element.addEventListener('error', reject);
    document.head.append(element);
  });
}

async function open() {
  button.textContent = button.dataset.loading;
  button.setAttribute('aria-disabled', 'true');
  const sheet = Object.assign(document.createElement('link'), {
    rel: 'stylesheet',
    href: '/docs/swagger-ui.css',
  });
  const script = Object.assign(document.createElement('script'), { src: '/docs/swagger-ui-bundle.js' });
  await Promise.all([load(sheet), load(script)]);
  dark.addEventListener('change', follow);
  follow();
  document.querySelector('#reference').remove();
  globalThis.SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#swagger',
    deepLinking: true,
    docExpansion: 'list',
  });
}

button.addEventListener('click', () => void open(), { once: true });
if (location.hash.startsWith('#/')) void open();
