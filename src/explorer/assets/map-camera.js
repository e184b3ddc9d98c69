/** The visible part of the map: fitted to the dots, then moved and zoomed by wheel, touch, keys and buttons. */

const MAX_ZOOM = 40;
/** Share of the dots on each side that the first view may place at its edge. */
const OUTLIERS = 0.01;
/** Margins without dots; the buttons are on the right. */
const PADDING_PX = { left: 48, right: 92, vertical: 48 };

function span(values) {
  const sorted = Float64Array.from(values).sort();
  const at = (share) => sorted[Math.round((sorted.length - 1) * share)];
  const [low, high] = [at(OUTLIERS), at(1 - OUTLIERS)];
  return { middle: (low + high) / 2, length: Math.max(0.2, high - low) };
}

const clamp = (value, { middle, length }) =>
  Math.min(middle + length / 2, Math.max(middle - length / 2, value));

export function createCamera(canvas) {
  let box = { x: { middle: 0, length: 2 }, y: { middle: 0, length: 2 } };
  let zoom = 1;
  /** World coordinates of the middle of the canvas. */
  let centre = [0, 0];

  const width = () => canvas.clientWidth;
  const height = () => canvas.clientHeight;
  /** Pixels per world unit, different for each axis, as each axis fills the canvas. */
  const scaleX = () => ((width() - PADDING_PX.left - PADDING_PX.right) / box.x.length) * zoom;
  const scaleY = () => ((height() - 2 * PADDING_PX.vertical) / box.y.length) * zoom;

  const middle = () => [(width() + PADDING_PX.left - PADDING_PX.right) / 2, height() / 2];

  function clampCentre() {
    centre = [clamp(centre[0], box.x), clamp(centre[1], box.y)];
  }
  const camera = {
    zoom: () => zoom,
    toScreen: ([x, y]) => [
      middle()[0] + (x - centre[0]) * scaleX(),
      middle()[1] - (y - centre[1]) * scaleY(),
    ],
    toWorld: ([x, y]) => [centre[0] + (x - middle()[0]) / scaleX(), centre[1] - (y - middle()[1]) / scaleY()],
    /** Shows all of these places. */
    fit(places) {
      if (places.length > 0) box = { x: span(places.map(([x]) => x)), y: span(places.map(([, y]) => y)) };
      zoom = 1;
      centre = [box.x.middle, box.y.middle];
    },
    panBy(x, y) {
      centre = [centre[0] - x / scaleX(), centre[1] + y / scaleY()];
      clampCentre();
    },
    /** Zooms around the point, in pixels. */
    zoomAt([x, y], factor) {
      const before = camera.toWorld([x, y]);
      zoom = Math.min(MAX_ZOOM, Math.max(1, zoom * factor));
      const after = camera.toWorld([x, y]);
      centre = [centre[0] + before[0] - after[0], centre[1] + before[1] - after[1]];
      clampCentre();
    },
    middle,
    zoomBy: (factor) => camera.zoomAt(middle(), factor),
  };
  return camera;
}

const WHEEL_STEP = 0.0016;
const KEY_PX = 70;
const KEY_ZOOM = 1.4;
/** A press that moves farther than this is a drag, not a click. */
const DRAG_PX = 5;

const keys = {
  ArrowLeft: (camera) => camera.panBy(KEY_PX, 0),
  ArrowRight: (camera) => camera.panBy(-KEY_PX, 0),
  ArrowUp: (camera) => camera.panBy(0, KEY_PX),
  ArrowDown: (camera) => camera.panBy(0, -KEY_PX),
  '+': (camera) => camera.zoomBy(KEY_ZOOM),
  '=': (camera) => camera.zoomBy(KEY_ZOOM),
  '-': (camera) => camera.zoomBy(1 / KEY_ZOOM),
};

const pointOf = ({ offsetX, offsetY }) => [offsetX, offsetY];

/** `onMove` after every change, `onFit` when all is to be shown, `onPick` with a point and the kind of pointer. */
export function steer(canvas, camera, { onMove, onFit, onPick }) {
  const pointers = new Map();
  let moved = 0;
  const gap = () => {
    const [one, other] = [...pointers.values()];
    return Math.hypot(one[0] - other[0], one[1] - other[1]);
  };

  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      camera.zoomAt(pointOf(event), Math.exp(-event.deltaY * WHEEL_STEP * (event.ctrlKey ? 6 : 1)));
      onMove();
    },
    { passive: false },
  );
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    if (pointers.size === 0) moved = 0;
    pointers.set(event.pointerId, pointOf(event));
  });
  canvas.addEventListener('pointermove', (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const point = pointOf(event);
    const [x, y] = [point[0] - before[0], point[1] - before[1]];
    const gapBefore = pointers.size === 2 ? gap() : undefined;
    pointers.set(event.pointerId, point);
    moved += Math.hypot(x, y);
    if (pointers.size === 2) {
      const [one, other] = [...pointers.values()];
      camera.zoomAt([(one[0] + other[0]) / 2, (one[1] + other[1]) / 2], gap() / Math.max(1, gapBefore));
    }
    if (moved > DRAG_PX) camera.panBy(x / pointers.size, y / pointers.size);
    onMove();
  });
  const release = (event) => {
    if (!pointers.delete(event.pointerId) || event.type !== 'pointerup') return;
    if (pointers.size === 0 && moved <= DRAG_PX) onPick(pointOf(event), event.pointerType);
  };
  canvas.addEventListener('pointerup', release);
  canvas.addEventListener('pointercancel', release);
  canvas.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === '0') onFit();
    else if (event.key === 'Enter') onPick(camera.middle(), 'keyboard');
    else if (keys[event.key]) keys[event.key](camera);
    else return;
    event.preventDefault();
    onMove();
  });
}
