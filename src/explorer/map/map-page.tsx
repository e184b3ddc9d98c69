/** The map: indexed restaurants in two dimensions, with a side card, and a tray for the others. */
import { Layout } from '../layout.tsx';
import type { View } from '../view.ts';

const Controls = ({ view: { words } }: { view: View }) => (
  <div class="map-controls">
    <button type="button" data-zoom="in" aria-label={words.map.zoomIn}>
      <span aria-hidden="true">+</span>
    </button>
    <button type="button" data-zoom="out" aria-label={words.map.zoomOut}>
      <span aria-hidden="true">−</span>
    </button>
    <button type="button" data-zoom="fit" aria-label={words.map.fit}>
      <span aria-hidden="true">⤢</span>
    </button>
  </div>
);

export const MapPage = ({ view }: { view: View }) => {
  const { map } = view.words;
  return (
    <Layout
      view={view}
      title={map.title}
      current="/explore/map"
      script="map.js"
      styles="map.css"
      requests={[{ method: 'GET', path: '/map' }]}
    >
      <h1>{map.title}</h1>
      <p class="lead">{map.lead}</p>
      <p class="no-script notice">
        {map.needsScript} <a href="/?embedded=true">{map.listLink}</a>
      </p>
      <p id="trouble" class="status" role="status" />
      <div class="map-stage needs-script">
        <div class="map-frame">
          <canvas id="map" tabindex={0} role="application" aria-label={map.canvasLabel} />
          <p id="map-label" class="map-label" hidden />
          <p id="map-empty" class="map-empty" hidden>
            {map.empty}
          </p>
          <Controls view={view} />
        </div>
        <aside id="map-card" aria-label={map.card} hidden />
      </div>
      <div class="tray needs-script">
        <p>
          <strong id="unlit">–</strong> {map.tray}
        </p>
        <button type="button" id="light">
          {map.indexOne}
        </button>
        <a href="/?embedded=false">{map.unlitList}</a>
      </div>
      <p id="map-summary" class="summary needs-script" role="status" data-summary="" />
      <ul id="legend" class="chips needs-script" aria-label={map.legend} />
      <p class="note needs-script">{map.help}</p>
    </Layout>
  );
};
