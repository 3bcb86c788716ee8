// Reading QR codes: by the browser where it can, else by jsQR, which is only loaded then.

/** @typedef {(video: HTMLVideoElement) => Promise<string | null>} Reader */

/** @returns {Promise<Reader>} */
export async function qrReader () {
  return await builtIn() ?? fallback()
}

/** @returns {Promise<Reader | null>} */
async function builtIn () {
  const Detector = /** @type {any} */ (globalThis).BarcodeDetector
  try {
    if (!(await Detector.getSupportedFormats()).includes('qr_code')) return null
    const detector = new Detector({ formats: ['qr_code'] })
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null
  } catch {
    return null
  }
}

/** @returns {Promise<Reader>} */
async function fallback () {
  const { read } = await import('./jsqr.js')
  const canvas = document.createElement('canvas')
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }))
  return async (video) => {
    // A code fills much of the picture; more points would only take more time.
    const scale = Math.min(1, 640 / video.videoWidth)
    canvas.width = Math.round(video.videoWidth * scale)
    canvas.height = Math.round(video.videoHeight * scale)
    context.drawImage(video, 0, 0, canvas.width, canvas.height)
    return read(context.getImageData(0, 0, canvas.width, canvas.height))
  }
}
