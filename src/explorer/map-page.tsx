/** The map: every vector in two dimensions, and grey dots at the rim that fly to their place when first read. */
import { Layout } from './layout.tsx';

export const MapPage = () => (
  <Layout title="Map" current="/explore/map" script="map.js">
    <h1>Map of tastes</h1>
    <p class="lead">
      Every dot is a restaurant, placed by the two main directions of its vector and coloured by cuisine. The
      rings at the rim have no vector yet; open one, here or anywhere, and it lights up.
    </p>
    <noscript>
      <p>
        The map is drawn by JavaScript; <a href="/?embedded=true">what is embedded as a list</a>.
      </p>
    </noscript>
    <p class="actions start needs-script">
      <button type="button" id="light">
        Light one up
      </button>{' '}
      <span id="light-note" role="status" />
    </p>
    <p id="map-trouble" class="status" role="status" />
    <div class="map-frame needs-script">
      <canvas id="map" role="img" aria-label="Map of all restaurants; the list below has the same in words" />
      <p id="map-label" class="map-label" hidden />
    </div>
    <p id="map-summary" />
    <ul id="legend" class="chips needs-script" aria-label="Cuisines, to pick one out" />
    <p class="needs-script">
      With a keyboard: <a href="/?embedded=false">restaurants that are not embedded yet</a>, to open one.
    </p>
  </Layout>
);
