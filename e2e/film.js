// A film for the camera that Chromium plays instead of one: y4m, one picture over and over.

const width = 640, height = 480

/**
 * Makes a film of a picture, in the middle of white.
 * @param {import('playwright-core').Browser} browser unpacks the picture
 * @param {Buffer} picture PNG
 * @returns {Promise<Buffer>}
 */
export async function film (browser, picture) {
  const aside = await browser.newPage()
  const grey = await aside.evaluate(async ([bytes, w, h]) => {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]))
    const context = new OffscreenCanvas(w, h).getContext('2d')
    context.fillStyle = '#fff'
    context.fillRect(0, 0, w, h)
    const scale = Math.min(w, h) * 0.9 / Math.max(bitmap.width, bitmap.height)
    context.drawImage(bitmap, (w - bitmap.width * scale) / 2, (h - bitmap.height * scale) / 2, bitmap.width * scale, bitmap.height * scale)
    const { data } = context.getImageData(0, 0, w, h)
    return Array.from({ length: w * h }, (_, i) => Math.round(16 + 219 / 255 * (0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2])))
  }, [Array.from(picture), width, height])
  await aside.close()
  const frame = Buffer.concat([Buffer.from('FRAME\n'), Buffer.from(grey), Buffer.alloc(width * height / 2, 128)])
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), ...Array(10).fill(frame)])
}
