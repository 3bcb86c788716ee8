// Reads a QR code off the screen, as a camera would.

import jsQR from 'jsqr'

/**
 * Gives the text of the QR code that an element shows, undefined where none is legible.
 * The picture is unpacked in a page of its own, because the policy of ours forbids it.
 */
export async function scan (page, selector) {
  const picture = await page.locator(selector).screenshot()
  const aside = await page.context().browser().newPage()
  const { data, width, height } = await aside.evaluate(async (bytes) => {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]))
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
    const context = canvas.getContext('2d')
    context.drawImage(bitmap, 0, 0)
    const image = context.getImageData(0, 0, bitmap.width, bitmap.height)
    return { data: Array.from(image.data), width: image.width, height: image.height }
  }, Array.from(picture))
  await aside.close()
  return jsQR(Uint8ClampedArray.from(data), width, height)?.data
}
