import jsQR from 'jsqr'

/**
 * @param {ImageData} picture
 * @returns {string | null}
 */
export const read = (picture) => jsQR(picture.data, picture.width, picture.height)?.data || null
