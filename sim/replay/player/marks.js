// How things look: shapes and colours that every kind of colour vision tells apart.

export const INK = "#1B1F24";
export const DIM = "#5B6470";
export const PAPER = "#FFFFFF";
export const VERMILION = "#D55E00";
export const SKY = "#56B4E9";
export const PINK = "#CC79A7";
export const ALERT = "#F0E442";
export const READ = "#009E73";

/** @typedef {CanvasRenderingContext2D} Pen */

/**
 * Trace the shape of a side around a place.
 * @param {Pen} pen
 * @param {string} shape
 * @param {number} x
 * @param {number} y
 * @param {number} size half the width
 */
export function trace(pen, shape, x, y, size) {
  pen.beginPath();
  if (shape === "s") {
    pen.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
    return;
  }
  const corners = shape === "h" ? 6 : shape === "p" ? 5 : shape === "D" ? 4 : 3;
  const radius = size * (corners === 3 ? 1.3 : 1.15);
  const turn = shape === "v" ? Math.PI / 2 : -Math.PI / 2;
  for (let k = 0; k < corners; k++) {
    const angle = turn + (2 * Math.PI * k) / corners;
    pen.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  pen.closePath();
}

/**
 * Draw a patrol, in its side's shape and colour; with a ring if it is in pursuit.
 * @param {Pen} pen
 * @param {any} side
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {boolean} busy
 */
export function drawPatrol(pen, side, x, y, size, busy) {
  trace(pen, side.shape, x, y, size);
  pen.fillStyle = side.colour;
  pen.fill();
  if (size >= 3) {
    pen.lineWidth = 0.8;
    pen.strokeStyle = PAPER;
    pen.stroke();
  }
  if (busy) ring(pen, x, y, size * 1.9, INK, 1.4);
}

/**
 * Draw two patrols of different sides that walk together: both shapes, joined by a bar.
 * @param {Pen} pen
 * @param {any} side
 * @param {any} other
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {boolean} busy
 */
export function drawJoint(pen, side, other, x, y, size, busy) {
  const apart = size * 1.25;
  pen.beginPath();
  pen.ellipse(x, y, apart + size * 1.7, size * 2, 0, 0, 2 * Math.PI);
  pen.fillStyle = PAPER;
  pen.fill();
  pen.lineWidth = 1.6;
  pen.strokeStyle = INK;
  pen.stroke();
  drawPatrol(pen, side, x - apart, y, size, false);
  drawPatrol(pen, other, x + apart, y, size, false);
  if (busy) ring(pen, x, y, size * 3.4, INK, 1.4);
}

/**
 * @param {Pen} pen
 * @param {any} side
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {boolean} chosen
 */
export function drawPost(pen, side, x, y, size, chosen) {
  trace(pen, side.shape, x, y, size);
  pen.fillStyle = PAPER;
  pen.fill();
  pen.globalAlpha *= 0.4;
  pen.fillStyle = side.colour;
  pen.fill();
  pen.globalAlpha /= 0.4;
  pen.lineWidth = chosen ? 2.6 : 1.1;
  pen.strokeStyle = chosen ? INK : side.colour;
  pen.stroke();
  if (size >= 7) {
    pen.fillStyle = INK;
    pen.font = `600 ${Math.round(size * 1.1)}px system-ui, sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(
      side.letter,
      x,
      y + (side.shape === "^" ? size * 0.12 : side.shape === "v" ? -size * 0.12 : 0),
    );
  }
}

/**
 * Draw somebody who attempts to cross: a cross, on yellow once somebody has found it.
 * @param {Pen} pen
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {boolean} found
 */
export function drawCrosser(pen, x, y, size, found) {
  if (found) {
    disc(pen, x, y, size * 1.7, ALERT);
    ring(pen, x, y, size * 1.7, INK, 0.8);
  }
  pen.beginPath();
  pen.moveTo(x - size, y - size);
  pen.lineTo(x + size, y + size);
  pen.moveTo(x - size, y + size);
  pen.lineTo(x + size, y - size);
  pen.lineWidth = 1.8;
  pen.strokeStyle = INK;
  pen.stroke();
}

/**
 * Draw how an attempt ended: met is filled, passed is hollow.
 * @param {Pen} pen
 * @param {string} ending as of `endingOf`
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
export function drawEnding(pen, ending, x, y, size) {
  if (ending === "passed") {
    disc(pen, x, y, size, PAPER);
    ring(pen, x, y, size, VERMILION, 2);
  } else if (ending === "referred") {
    trace(pen, "D", x, y, size * 1.1);
    pen.fillStyle = SKY;
    pen.fill();
    pen.lineWidth = 1;
    pen.strokeStyle = INK;
    pen.stroke();
  } else if (ending === "jointly") {
    disc(pen, x, y, size * 1.2, PAPER);
    pen.beginPath();
    pen.moveTo(x - size, y);
    pen.lineTo(x + size, y);
    pen.moveTo(x, y - size);
    pen.lineTo(x, y + size);
    pen.lineWidth = size * 0.9;
    pen.strokeStyle = INK;
    pen.stroke();
  } else if (ending === "handedOver") {
    disc(pen, x, y, size, PAPER);
    pen.beginPath();
    pen.arc(x, y, size, Math.PI / 2, (3 * Math.PI) / 2);
    pen.fillStyle = INK;
    pen.fill();
    ring(pen, x, y, size, INK, 1.4);
  } else {
    disc(pen, x, y, size, INK);
    ring(pen, x, y, size, PAPER, 0.8);
  }
}

/**
 * Draw a find that a report told of: hollow, in the author's shape and colour.
 * @param {Pen} pen
 * @param {any} side
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
export function drawTold(pen, side, x, y, size) {
  trace(pen, side.shape, x, y, size);
  pen.setLineDash([2, 2]);
  pen.lineWidth = 1.6;
  pen.strokeStyle = side.colour;
  pen.stroke();
  pen.setLineDash([]);
}

/**
 * Draw a patrol that is expected where a partner said it would be: an outline.
 * @param {Pen} pen
 * @param {any} side
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
export function drawPlanned(pen, side, x, y, size) {
  trace(pen, side.shape, x, y, size);
  pen.lineWidth = 1.4;
  pen.strokeStyle = side.colour;
  pen.stroke();
}

/** @param {Pen} pen @param {number} x @param {number} y @param {number} size */
export function drawEnvelope(pen, x, y, size) {
  pen.beginPath();
  pen.rect(x - size, y - size * 0.7, size * 2, size * 1.4);
  pen.fillStyle = PAPER;
  pen.fill();
  pen.moveTo(x - size, y - size * 0.7);
  pen.lineTo(x, y + size * 0.15);
  pen.lineTo(x + size, y - size * 0.7);
  pen.lineWidth = 1;
  pen.strokeStyle = INK;
  pen.stroke();
}

/**
 * @param {Pen} pen
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {string} colour
 */
export function disc(pen, x, y, radius, colour) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
}

/**
 * @param {Pen} pen
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {string} colour
 * @param {number} width
 */
export function ring(pen, x, y, radius, colour, width) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.lineWidth = width;
  pen.strokeStyle = colour;
  pen.stroke();
}
