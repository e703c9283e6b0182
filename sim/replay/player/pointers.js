// Mouse, pen and fingers on a canvas: dragging moves, wheel and pinching zoom.

/**
 * Follow pointers; what is a drag or a pinch is no click.
 * @param {HTMLCanvasElement} canvas
 * @param {(factor: number, x: number, y: number) => void} zoom by a factor around a place, px
 * @param {(dx: number, dy: number) => void} move by so many px
 */
export function bindPointers(canvas, zoom, move) {
  /** @type {Map<number, {x: number, y: number}>} */
  const down = new Map();
  let moved = 0;
  canvas.addEventListener("pointerdown", (event) => {
    if (down.size === 0) moved = 0;
    down.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const now = { x: event.offsetX, y: event.offsetY };
    moved += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const apart = (/** @type {{x: number, y: number}} */ each) =>
        Math.max(Math.hypot(each.x - other.x, each.y - other.y), 10);
      zoom(apart(now) / apart(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
    } else move(now.x - before.x, now.y - before.y);
    down.set(event.pointerId, now);
  });
  for (const name of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
    canvas.addEventListener(name, (event) => down.delete(event.pointerId));
  }
  canvas.addEventListener("click", (event) => {
    if (moved > 4) event.stopImmediatePropagation();
  });
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      zoom(1.2 ** (-event.deltaY / 100), event.offsetX, event.offsetY);
    },
    { passive: false },
  );
}
