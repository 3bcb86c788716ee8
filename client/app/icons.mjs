// Draws the icons of the installed app, as PNG in the sizes that phones ask for, from
// the same three layers that icon.svg has: `node icons.mjs`. It is run when the mark
// changes; what it writes is committed.

import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { deflateSync } from 'node:zlib'

const ground = [15, 118, 110], white = [255, 255, 255]
const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), 'static/icons')

/** The mark on a field of 24 by 24: a tile, and the edges of two below it. */
const tile = [[12, 3], [22, 8.5], [12, 14], [2, 8.5]]
const edges = [[[2, 12.5], [12, 18], [22, 12.5]], [[2, 16.5], [12, 22], [22, 16.5]]]
const stroke = 1.8

/**
 * @param {number[][]} polygon
 * @param {number} x
 * @param {number} y
 */
function inside (polygon, x, y) {
  let is = false
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [ax, ay] = polygon[i], [bx, by] = polygon[j]
    if (ay > y !== by > y && x < (bx - ax) * (y - ay) / (by - ay) + ax) is = !is
  }
  return is
}

/**
 * How far a point is from a line of straight pieces.
 * @param {number[][]} line
 * @param {number} x
 * @param {number} y
 */
function distance (line, x, y) {
  let least = Infinity
  for (let i = 1; i < line.length; i++) {
    const [ax, ay] = line[i - 1], [bx, by] = line[i]
    const t = Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)))
    least = Math.min(least, Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)))
  }
  return least
}

/**
 * Whether a point of the 24 by 24 is on the mark.
 * @param {number} x
 * @param {number} y
 */
const marked = (x, y) => inside(tile, x, y) || [...edges, [...tile, tile[0]]].some((line) => distance(line, x, y) <= stroke / 2)

/**
 * Draws an icon, each pixel from 4 by 4 points.
 * @param {number} size in pixels
 * @param {number} part how much of the width the mark takes
 * @param {number} corner the radius of the ground's corners, as part of the width
 */
function draw (size, part, corner) {
  const pixels = Buffer.alloc(size * (size * 4 + 1))
  const fine = 4
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let on = 0, over = 0
      for (let k = 0; k < fine * fine; k++) {
        const x = (column + (k % fine + 0.5) / fine) / size, y = (row + (Math.floor(k / fine) + 0.5) / fine) / size
        const dx = Math.max(corner - x, x - 1 + corner, 0), dy = Math.max(corner - y, y - 1 + corner, 0)
        if (Math.hypot(dx, dy) > corner) continue
        on++
        if (marked(12 + (x - 0.5) / part * 22, 12.5 + (y - 0.5) / part * 22)) over++
      }
      const at = row * (size * 4 + 1) + 1 + column * 4
      for (let c = 0; c < 3; c++) pixels[at + c] = on ? Math.round((white[c] * over + ground[c] * (on - over)) / on) : 0
      pixels[at + 3] = Math.round(255 * on / (fine * fine))
    }
  }
  return png(size, pixels)
}

/**
 * @param {number} size
 * @param {Buffer} pixels rows of RGBA, each behind a zero
 */
function png (size, pixels) {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(size, 0)
  head.writeUInt32BE(size, 4)
  head.set([8, 6, 0, 0, 0], 8)
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), part('IHDR', head), part('IDAT', deflateSync(pixels, { level: 9 })), part('IEND', Buffer.alloc(0))])
}

/**
 * @param {string} name
 * @param {Buffer} data
 */
function part (name, data) {
  const body = Buffer.concat([Buffer.from(name), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  out.set(body, 4)
  out.writeUInt32BE(crc(body), body.length + 4)
  return out
}

/** @param {Buffer} bytes */
function crc (bytes) {
  let c = 0xffffffff
  for (const byte of bytes) {
    c ^= byte
    for (let k = 0; k < 8; k++) c = c & 1 ? c >>> 1 ^ 0xedb88320 : c >>> 1
  }
  return (c ^ 0xffffffff) >>> 0
}

await writeFile(path.join(folder, 'icon-192.png'), draw(192, 0.66, 0.2))
await writeFile(path.join(folder, 'icon-512.png'), draw(512, 0.66, 0.2))
// Systems cut a maskable icon to their own shape: all that matters is in the middle.
await writeFile(path.join(folder, 'maskable-512.png'), draw(512, 0.52, 0))
// A home screen of Apple's rounds the corners itself.
await writeFile(path.join(folder, 'apple-180.png'), draw(180, 0.6, 0))
